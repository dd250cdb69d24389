"""What became of a request, and taking it back."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import asking, offers, options, placing, providers, topics
from bot.dialogue.conversation import Awaiting, CareNeed, Conversation, HubNeed, Topic
from bot.dialogue.scene import Scene, Turn
from bot.dialogue.wording import say
from bot.messages import Job, JobKind
from nlp.schema import Intent


def tell_status(scene: Scene) -> Turn:
    """How far it is: being asked, being looked for, waiting for a choice or an answer."""
    conversation = scene.conversation
    if conversation.chosen and conversation.awaiting is not Awaiting.CONSENT:
        return placing.tell(conversation, conversation.chosen, scene.now)
    if conversation.stalled:
        return asking.with_question(conversation, say("status_stalled"))
    if conversation.searching:
        return Turn(conversation, (say("status_searching"),))
    if conversation.listed and conversation.awaiting is None:
        return Turn(conversation, (say("status_listed", choices=options.numbers(conversation)),))
    return providers.about(scene) or asking.with_question(conversation, say("status_none"))


def cancel(scene: Scene) -> Turn:
    """Take the request back, when that is certain or was asked about already; else ask about it."""
    before = scene.conversation
    agreed = offers.take_back(before)
    if agreed and before.chosen is None and before.topic in (None, Topic.PROVIDER):
        if len(agreed) == 1 and scene.heard.certain:
            return Turn(
                replace(before, awaiting=None, tries=0), (), (Job(JobKind.END, {"offer": agreed[0].id}),)
            )
        return offers.quit_agreed(scene) or asking.ask(before, Awaiting.CANCEL)
    if agreed and before.chosen and before.awaiting is not Awaiting.CANCEL:
        return asking.ask(before, Awaiting.CANCEL)
    if not is_open(before) and before.awaiting is not Awaiting.CANCEL:
        return Turn(before, (say("nothing_to_cancel"),))
    if scene.heard.certain or before.awaiting is Awaiting.CANCEL:
        return _forget(scene)
    return asking.ask(before, Awaiting.CANCEL)


def answer_cancel(scene: Scene) -> Turn | None:
    """Yes takes the request back; no goes on with it; another wish is no yes."""
    if scene.heard.intent is Intent.AFFIRM and scene.heard.certain:
        return _forget(scene)
    if scene.heard.intent is not Intent.DENY or not scene.heard.sure:
        return None
    kept = replace(scene.conversation, awaiting=None, tries=0)
    if kept.topic is None or kept.listed or kept.chosen:
        return Turn(kept, (say("cancel_kept"),))
    return topics.proceed(kept, say("cancel_kept"))


def _forget(scene: Scene) -> Turn:
    """No request any more; the other side is told. Where they are still holds."""
    before = scene.conversation
    after = replace(
        before,
        topic=None,
        awaiting=None,
        tries=0,
        candidates=(),
        care=CareNeed(),
        hubs=HubNeed(),
        subject=None,
        listed=(),
        seen_care=(),
        seen_hubs=(),
        chosen=None,
        searching=None,
        stalled=False,
    )
    return Turn(after, (say("cancelled"),), (Job(JobKind.END),) if before.chosen else ())


def is_open(conversation: Conversation) -> bool:
    """Whether there is anything to take back."""
    asked = conversation.awaiting not in (None, Awaiting.TOPIC)
    agreed = offers.take_back(conversation)
    return bool(conversation.topic or asked or conversation.listed or conversation.chosen or agreed)


def affirm(scene: Scene) -> Turn:
    """A yes that answers no question: to the only option there is, or to what comes next."""
    listed = scene.conversation.listed
    if scene.conversation.chosen:
        return tell_status(scene)
    if len(listed) == 1:
        return options.take(scene, listed[0])
    if listed:
        return Turn(scene.conversation, (say("choose_which", choices=options.numbers(scene.conversation)),))
    return (
        tell_status(scene) if scene.conversation.searching else Turn(scene.conversation, (say("whats_next"),))
    )


def deny(scene: Scene) -> Turn:
    """A no that answers no question: none of the options, or nothing for now."""
    key = "list_declined" if scene.conversation.listed else "whats_next"
    return Turn(scene.conversation, (say(key),))
