"""A parent picks a provider: agrees to what is told, changes their mind, answers a condition."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from bot.dialogue import asking, consent, keywords, needs, offer_words, passing, people, phrases, searches
from bot.dialogue.conversation import (
    Awaiting,
    ChildNeed,
    Chosen,
    Conversation,
    ListedCare,
    Stage,
    Topic,
)
from bot.dialogue.first_names import first_name
from bot.dialogue.scene import Scene, Turn
from bot.dialogue.wording import phrase, say, together
from bot.messages import Job, JobKind, Reply
from matching.offers import LIMA
from nlp.schema import Intent, SlotName

_LIMITS = re.compile(
    r"\b(pero|aunque|menos|sin (que|decir|dar)|no (le|les|lo|la) (d\w+|cuent\w+|mand\w+|pas\w+))\b"
)
_WITHOUT_HEALTH = re.compile(r"\b(no (le |les )?(dig\w+|cuent\w+|mencion\w+)|sin decir\w*)\b")
_MAY_CHANGE = (
    SlotName.TIME,
    SlotName.DAYS,
    SlotName.PRICE,
    SlotName.START_DATE,
    SlotName.CHILD_AGE,
    SlotName.CHILD_COUNT,
    SlotName.SPECIAL_NEED,
)
_CHANGES = (
    Intent.INFORM,
    Intent.DENY,
    Intent.AFFIRM,
    Intent.ASK_PRICE,
    Intent.ASK_DETAILS,
    Intent.OUT_OF_SCOPE,
)
_HAGGLES = re.compile(r"\bpero\b|\bpuede ser\b|\b(soles|lucas) (menos|nomas)\b|\bpor \d+\b")
_TELLS_HER = re.compile(r"\b(dig(a|an)(le|les)|dil[ei]s?|avis[ae](le|les)?|com[ue]n[iy]\w+le)\b")
_NUMBER = re.compile(r"\b(numero|telefono|celular|cel|fono|direccion|donde (queda|vive|es))\b")
MOST_WORDS_FOR_A_NUMBER = 12


def take(scene: Scene, picked: ListedCare) -> Turn:
    """This one: ask her, when the parent agreed before to what she is told; else ask for that first. Whoever is agreed
    with somebody else is asked whether they want to change."""
    conversation, chosen = scene.conversation, scene.conversation.chosen
    if chosen and chosen.offer is not None:
        if chosen.id == picked.id:
            return tell(conversation, chosen, scene.now)
        if chosen.stage is Stage.AGREED:
            return asking.ask(replace(conversation, focus=picked.id), Awaiting.SWITCH)
    return _choose(conversation, picked)


def answer_switch(scene: Scene) -> Turn | None:
    """Yes takes back what was agreed, and asks the other one; no keeps it."""
    said, conversation = decision(scene), replace(scene.conversation, awaiting=None, tries=0)
    picked = next(
        (one for one in conversation.listed if isinstance(one, ListedCare) and one.id == conversation.focus),
        None,
    )
    if said is Intent.AFFIRM and picked is not None:
        turn = _choose(replace(conversation, chosen=None), picked)
        return replace(turn, jobs=(Job(JobKind.END), *turn.jobs))
    if said is Intent.DENY and conversation.chosen:
        return tell(conversation, conversation.chosen, scene.now)
    return None


def answer_consent(scene: Scene) -> Turn | None:
    """Yes, perhaps with a name: the provider is asked. No: nobody is. What is said beside it counts first, and so does
    what is not to be told."""
    plain = keywords.plain(scene.heard.text)
    before = scene.conversation
    after = replace(before, care=needs.read_care(before.care, scene.heard))
    said = _leading(plain) or decision(scene)
    if said is Intent.AFFIRM and not _LIMITS.search(plain):
        after = replace(after, name=first_name(scene.heard.text) or before.name)
    if _facts(after) != _facts(before) and said is not Intent.DENY:
        return _again(after, say("noted", need=phrases.sentence(needs.care_need(after))))
    if _WITHOUT_HEALTH.search(plain) and before.care.special_needs:
        return _again(replace(before, care=replace(before.care, special_needs=())))
    if said is Intent.AFFIRM and _LIMITS.search(plain):
        return _again(before, say("consent_limits"))
    if said is Intent.AFFIRM:
        version, given = consent.given(after)
        turn = request(replace(after, awaiting=None, tries=0, consent=version))
        return replace(turn, jobs=(given, *turn.jobs))
    if said is Intent.DENY:
        return Turn(replace(before, awaiting=None, tries=0, chosen=None), (say("consent_refused"),))
    return None


def tell(conversation: Conversation, chosen: Chosen, now: datetime) -> Turn:
    """How far it is with the provider who was picked."""
    if chosen.offer is None:
        return asking.ask(conversation, Awaiting.CONSENT)
    if chosen.stage is Stage.AGREED:
        address = phrase("at_address", address=chosen.address) if chosen.address else ""
        reply = say("status_agreed", name=chosen.name, phone=phone_of(chosen), address=address)
        return Turn(conversation, (reply,))
    if chosen.stage is Stage.COUNTERED:
        return asking.ask(conversation, Awaiting.COUNTER)
    if chosen.asked_at and chosen.asked_at > now:
        when = phrase("asked_at", when=moment(chosen.asked_at, now))
        return Turn(conversation, (say("status_chosen_later", name=chosen.name, when=when),))
    return Turn(conversation, (say("status_chosen", name=chosen.name),))


def answer_counter(scene: Scene) -> Turn | None:
    """The parent takes the provider's condition, or does not."""
    conversation = replace(scene.conversation, awaiting=None, tries=0)
    chosen, said = conversation.chosen, decision(scene)
    if chosen is not None and _HAGGLES.search(keywords.plain(scene.heard.text)):
        words = passing.without_numbers(scene.heard.text)
        told = {"provider": chosen.id, "name": conversation.name, "words": words, "question": True}
        return Turn(
            scene.conversation, (say("question_sent", name=chosen.name),), (Job(JobKind.RELAY, told),)
        )
    if chosen is None or said is None:
        return None
    answer = {"offer": chosen.offer, "yes": said is Intent.AFFIRM}
    return Turn(conversation, (), (Job(JobKind.ANSWER_COUNTER, answer),))


def number_again(scene: Scene) -> Turn | None:
    """The number, or the way, of whoever said yes: it was told, and is told again."""
    chosen, plain = scene.conversation.chosen, keywords.plain(scene.heard.text)
    if chosen is None or chosen.stage is not Stage.AGREED or scene.conversation.awaiting is not None:
        return None
    is_asked = _NUMBER.search(plain) and len(plain.split()) <= MOST_WORDS_FOR_A_NUMBER
    return tell(scene.conversation, chosen, scene.now) if is_asked or _TELLS_HER.search(plain) else None


def changed(scene: Scene) -> Turn | None:
    """Other hours, another price, another child, while a provider is being asked for what was said before: she is asked
    again when the parent says so."""
    conversation, chosen, heard = scene.conversation, scene.conversation.chosen, scene.heard
    if chosen is None or chosen.offer is None or conversation.topic is not Topic.CARE:
        return None
    is_free = conversation.awaiting in (None, Awaiting.COUNTER) and conversation.question is None
    if not is_free or (heard.sure and heard.intent not in _CHANGES):
        return None
    if not any(slot.value is not None for slot in heard.of(*_MAY_CHANGE)) or heard.number is not None:
        return None
    after = replace(conversation, care=needs.read_care(conversation.care, heard))
    if _facts(after) == _facts(conversation):
        return None
    if chosen.stage is Stage.AGREED:
        return tell(conversation, chosen, scene.now)
    return asking.ask(after, Awaiting.ASK_AGAIN)


def answer_again(scene: Scene) -> Turn | None:
    """Yes asks the same provider for what is needed now; no leaves it as it was asked."""
    said, conversation = decision(scene), replace(scene.conversation, awaiting=None, tries=0)
    if said is Intent.AFFIRM:
        return request(conversation)
    if said is Intent.DENY and conversation.chosen:
        return tell(conversation, conversation.chosen, scene.now)
    return None


def request(conversation: Conversation) -> Turn:
    """Have the chosen provider asked for what is needed."""
    chosen, need, place = conversation.chosen, conversation.care, conversation.place
    if chosen is None or place is None:
        raise ValueError("nobody is asked without a provider who was picked, and a place")
    told = ChildNeed(
        ages_months=need.ages_months,
        children=max(need.children or 1, len(need.ages_months)),
        place=place.label,
        days=need.days,
        start=need.start,
        end=need.end,
        start_date=need.start_date,
        budget=need.budget,
        special_needs=need.special_needs,
        name=conversation.name,
        girl=need.girl,
    )
    data = {
        "provider": chosen.id,
        "provider_name": chosen.name,
        "query": searches.care_data(conversation),
        "need": offer_words.needs().dump_python(told, mode="json"),
    }
    return Turn(conversation, (), (Job(JobKind.ASK_PROVIDER, data),))


def decision(scene: Scene) -> Intent | None:
    """A yes or a no, by its first word or as it was read; `no sé` is neither."""
    if keywords.says_not_known(scene.heard.text):
        return None
    said = keywords.leading_yes_or_no(scene.heard.text) or people.decision(scene)
    if said is None and scene.heard.sure and scene.heard.intent in (Intent.AFFIRM, Intent.DENY):
        return scene.heard.intent
    return said


def phone_of(chosen: Chosen) -> str:
    """The number as people write it."""
    return phrases.phone(chosen.phone) if chosen.phone else phrase("phone_unknown")


def moment(at: datetime, now: datetime) -> str:
    """`mañana a las 7am`."""
    there, here = at.astimezone(LIMA), now.astimezone(LIMA)
    hour = phrases.clock(f"{there.hour:02}:{there.minute:02}")
    return phrase("today_at" if there.date() == here.date() else "tomorrow_at", hour=hour)


def _choose(conversation: Conversation, picked: ListedCare) -> Turn:
    conversation = replace(
        conversation, awaiting=None, tries=0, focus=picked.id, chosen=Chosen(picked.id, picked.name)
    )
    return (
        request(conversation)
        if consent.is_given(conversation)
        else asking.ask(conversation, Awaiting.CONSENT)
    )


def _leading(plain: str) -> Intent | None:
    """`si claro mi nombre es …`: a yes to a question that asks for a name beside it, however long."""
    words = plain.split()
    return Intent.AFFIRM if words and words[0] in ("si", "sii", "siii") and "no" not in words else None


def _facts(conversation: Conversation) -> object:
    """What a provider would be told."""
    return replace(
        conversation.care, settled=(), care_types=(), amenities=(), languages=(), cheap=False, near=False
    )


def _again(conversation: Conversation, *lead: Reply) -> Turn:
    """The question for consent once more, after what is to be said first."""
    asked = asking.ask(replace(conversation, awaiting=None), Awaiting.CONSENT)
    return replace(asked, replies=together(*lead, *asked.replies))
