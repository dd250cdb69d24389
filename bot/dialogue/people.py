"""People in charge of themselves: danger, a person to talk to, stopping, coming back, being forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.dialogue import asking, cases, keywords, topics, wishes
from bot.dialogue.conversation import Awaiting, Conversation, Stage
from bot.dialogue.scene import Scene, Turn
from bot.dialogue.wording import say
from bot.messages import CaseReason, Job, JobKind
from nlp.schema import Intent, SlotName

ALARM_LASTS = timedelta(hours=1)
_LEADS_NOWHERE = (Intent.INFORM, Intent.OUT_OF_SCOPE, Intent.AFFIRM, Intent.DENY, Intent.CHECK_STATUS)


def emergency(scene: Scene) -> Turn | None:
    """The hotlines at once, in any state, however unsure the reading: a false alarm costs little. In one message,
    for two may arrive in the wrong order."""
    if scene.heard.intent is not Intent.EMERGENCY:
        return None
    case = cases.open_case(CaseReason.EMERGENCY, scene.conversation, scene.heard.text)
    return Turn(replace(scene.conversation, alarmed_at=scene.now), (say("emergency"),), (case,))


def is_alarmed(conversation: Conversation, now: datetime) -> bool:
    """Whether they spoke of danger a moment ago, and of nothing else since."""
    return conversation.alarmed_at is not None and now - conversation.alarmed_at < ALARM_LASTS


def stay_with(scene: Scene) -> Turn | None:
    """Whoever spoke of danger and goes on, with a yes or with what happened, is not asked what they are looking for.
    What completes a search under way is taken for that: it may have been a false alarm."""
    heard, conversation = scene.heard, scene.conversation
    if not scene.alarmed:
        return None
    is_search_open = bool(conversation.listed) or conversation.awaiting is not None
    completes = is_search_open and any(slot.value is not None for slot in heard.slots)
    if completes or (heard.sure and heard.intent not in _LEADS_NOWHERE):
        return None
    return _stay(scene)


def stay_with_shared_place(scene: Scene) -> Turn | None:
    """Where they are, for whoever comes; not where they look for care."""
    is_for_us = scene.alarmed and scene.conversation.awaiting is None and not scene.conversation.listed
    return _stay(scene) if scene.heard.pin is not None and is_for_us else None


def _stay(scene: Scene) -> Turn:
    return Turn(replace(scene.conversation, alarmed_at=scene.now), (say("emergency_goes_on"),))


def silence(scene: Scene) -> Turn | None:
    """Whoever opted out hears nothing until they come back. A wish to be erased is done all the same."""
    if not scene.conversation.opted_out:
        return None
    heard = scene.heard
    if heard.intent is Intent.OPT_IN and heard.sure:
        return Turn(replace(scene.conversation, opted_out=False), (say("opted_in"),))
    if heard.intent is Intent.DELETE_MY_DATA and heard.sure:
        return Turn(_forgotten(scene.conversation), (), (Job(JobKind.ERASE),))
    return Turn(scene.conversation)


def stop(scene: Scene) -> Turn | None:
    """One last word, then silence; nothing that was asked is answered any more."""
    if scene.heard.intent is not Intent.OPT_OUT or not scene.heard.sure:
        return None
    if scene.conversation.awaiting is Awaiting.ERASE and decision(scene) is Intent.AFFIRM:
        return None
    chosen = scene.conversation.chosen
    quiet = replace(
        scene.conversation,
        opted_out=True,
        awaiting=None,
        tries=0,
        searching=None,
        chosen=chosen if chosen and chosen.stage is Stage.AGREED else None,
    )
    return Turn(quiet, (say("opted_out"),))


def opt_in(scene: Scene) -> Turn:
    """Somebody who never opted out."""
    return asking.with_question(scene.conversation, say("already_in"))


def human(scene: Scene) -> Turn:
    """A person will write."""
    conversation = replace(scene.conversation, awaiting=None, tries=0)
    case = cases.open_case(CaseReason.HUMAN, conversation, scene.heard.text)
    return Turn(conversation, (say("human_coming"),), (case,))


def problem(scene: Scene) -> Turn:
    """Something went wrong, and nobody is in danger."""
    chosen = scene.conversation.chosen
    case = cases.open_case(
        CaseReason.PROBLEM,
        scene.conversation,
        scene.heard.text,
        **({"provider_id": chosen.id} if chosen else {}),
    )
    return Turn(scene.conversation, (say("problem_noted"),), (case,))


def erase(scene: Scene) -> Turn:
    """Ask once whether everything is to be erased."""
    return asking.ask(replace(scene.conversation, awaiting=None), Awaiting.ERASE)


def answer_erase(scene: Scene) -> Turn | None:
    """Yes forgets everything at once; another wish is no yes."""
    conversation = replace(scene.conversation, awaiting=None, tries=0)
    said = decision(scene)
    if said is Intent.AFFIRM or (scene.heard.intent is Intent.AFFIRM and scene.heard.certain):
        return Turn(_forgotten(conversation), (say("erase_done"),), (Job(JobKind.ERASE),))
    if said is Intent.DENY or (scene.heard.intent is Intent.DENY and scene.heard.sure):
        return Turn(conversation, (say("erase_kept"),))
    return None


def answer_human(scene: Scene) -> Turn | None:
    """Yes brings a person; no goes on."""
    said = decision(scene) or (scene.heard.intent if scene.heard.sure else None)
    if said is Intent.AFFIRM:
        return human(scene)
    if said is Intent.DENY:
        conversation = replace(scene.conversation, awaiting=None, tries=0)
        if conversation.topic is None or conversation.listed:
            return Turn(conversation, (say("list_declined" if conversation.listed else "whats_next"),))
        return topics.proceed(conversation)
    return None


def decision(scene: Scene) -> Intent | None:
    """The yes or the no that a message begins with, when it tells nothing else."""
    tells = any(slot.value is not None and slot.slot is not SlotName.OPTION for slot in scene.heard.slots)
    return (
        None if tells or wishes.topic_in(scene.heard.text) else keywords.leading_yes_or_no(scene.heard.text)
    )


def _forgotten(conversation: Conversation) -> Conversation:
    """Nothing is known any more, but where they write and whether they want to be written to."""
    return Conversation(
        search=conversation.search,
        opted_out=conversation.opted_out,
        channel=conversation.channel,
        last_at=conversation.last_at,
    )
