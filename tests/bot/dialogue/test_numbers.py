"""The phone number of somebody whose WhatsApp hides it."""

from __future__ import annotations

import pytest

from bot import dialogue
from bot.dialogue import Conversation, Turn
from bot.dialogue.conversation import Awaiting, Topic
from bot.messages import Channel, Incoming, Job, JobKind
from tests.bot.dialogue.talk import NOW, check, places

KEPT = Job(JobKind.KEEP_NUMBER, {"number": "+51987654321"})


def say(text: str, has_number: bool = False, conversation: Conversation | None = None) -> Turn:
    incoming = Incoming(Channel.WHATSAPP, NOW, text, has_number=has_number)
    return dialogue.step(conversation or Conversation(), incoming, NOW, places())


@pytest.mark.parametrize(
    "text",
    [
        "987654321",
        "987 654 321",
        "987-654-321",
        "+51 987 654 321",
        "+51987654321",
        "0051987654321",
        "mi numero es 987654321",
        "Mi número es: 987 654 321.",
        "mi cel 987654321",
        "mi número de celular es el 987654321 gracias",
        "es el numero 987654321",
        "este es mi celular 987654321",
    ],
)
def test_a_number_in_a_message_of_its_own_is_kept(text: str) -> None:
    turn = say(text)
    assert turn.jobs == (KEPT,)
    (reply,) = turn.replies
    check(reply)
    assert "SMS" in reply.whatsapp


@pytest.mark.parametrize(
    "text",
    [
        "87654321",
        "1987654321",
        "012345678",
        "9876543210",
        "+54987654321",
        "el numero de mi vecina es 987654321 llamela",
        "2",
        "",
    ],
)
def test_what_is_no_number_of_their_own_is_not(text: str) -> None:
    assert KEPT not in say(text).jobs
    assert all(job.kind is not JobKind.KEEP_NUMBER for job in say(text).jobs)


def test_whoever_writes_from_a_number_is_not_taken_at_another() -> None:
    assert KEPT not in say("mi numero es 987654321", has_number=True).jobs


def test_the_question_that_was_open_is_asked_again() -> None:
    asked = Conversation(topic=Topic.CARE, awaiting=Awaiting.AGE)
    turn = say("987654321", conversation=asked)
    assert turn.conversation.awaiting is Awaiting.AGE
    assert turn.replies[-1].key.endswith("ask_age")


def test_whoever_opted_out_hears_nothing() -> None:
    turn = say("987654321", conversation=Conversation(opted_out=True))
    assert (turn.replies, turn.jobs) == ((), ())
