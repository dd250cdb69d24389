"""Whoever is on file changes it by a message: places, price, hours, a pause, or leaving. What is new is said back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.dialogue import asking, cases, keywords, ownfile, phrases, registering
from bot.dialogue.conversation import Awaiting, Conversation, OwnFile, Stage, Topic
from bot.dialogue.ownfile import UNTIL_THEY_SAY
from bot.dialogue.scene import Scene, Turn
from bot.dialogue.wording import phrase, say, together
from bot.messages import CaseReason, Job, JobKind, Reply
from matching.offers import LIMA
from nlp.normal import normalize
from nlp.schema import Intent, SlotName

_ROOM = r"(?:cup\w+|campit?os?|vacantes?|espaci\w+|siti\w+|lugar(?:es)?)"
_NEWS = (
    r"cobro|cobramos|cobrare|cobrar|mi (?:nuevo )?(?:precio|tarifa|horario)|(?:subi|subo|baje|bajo) (?:el|mi) precio",
    r"atiendo|atendemos|atendere|recibo|recibimos|recibire|cuido|cuidamos|mis? cup\w+|regreso|vuelvo",
    rf"(?:tengo|hay|quedan?|tendre|habra|abri|libres?) (?:\w+ )?{_ROOM}|\d+ {_ROOM}|estoy (?:llen[ao]|full)",
    r"(?:me|nos) mud\w+|me llamo|mi nombre|mi (?:nueva )?direccion|ahora (?:doy|tengo|soy|hablo)",
)
_SPEAKS_OF_IT = re.compile(rf"\b(?:{'|'.join(_NEWS)})\b")
_FULL = re.compile(
    rf"\b(?:no (?:tengo|hay|me quedan?|queda|quedan) (?:mas |ya )?(?:ningun )?{_ROOM}(?! para)|sin {_ROOM}"
    r"|estoy (?:llen[ao]|full)|(?:todo|ya) (?:esta )?llen[ao]|se lleno)\b"
)
_MOVES = re.compile(
    r"\b(?:(?:me|nos) mud\w+|ahora (?:atiendo|vivo|estoy|cuido|atendemos|estamos|trabajo) (?:en|por)"
    r"|(?:mi|la) (?:nueva )?direccion|cambi\w+ de (?:casa|local|direccion)|me llamo|mi nombre|ahora (?:soy|somos|es))\b"
)
_PAUSES = re.compile(
    r"^(?:(?:quiero|quisiera|pon\w*|haga\w*|hacer|estar|dame|una|en|un|me) )*paus\w+(?: .*)?$"
)
_AWAY = re.compile(
    r"\b(?:no (?:voy a (?:poder )?|puedo |podre )?"
    r"(?:atiendo|atend\w+|trabajo|trabajar|trabajare|cuido|cuidar|cuidare|recibo|recibir|recibire)"
    r"|(?:estoy|estare|me voy|salgo) de (?:vacaciones|viaje)|de vacaciones"
    r"|estoy (?:enferma|enfermo|mal|delicada)|descanso)\b"
)
_OF_CHILDREN = re.compile(
    r"\b(?:bebes?|recien nacidos?|ninos? de|menores|mayores|an[oi]t?[oa]?s|(?:al|a la|a su|a mi) \w+)\b"
)
_BACK = re.compile(
    r"^(?:(?:hola|buenas|ya|ahora|otra|vez|nuevamente|de nuevo|senorita) )*"
    r"(?:regrese|volvi|atiendo|estoy (?:atendiendo|de vuelta|disponible)|estamos atendiendo|(?:vuelvo|volvi) a atender"
    r"|retomo|reanud\w+|(?:quit|termin)\w+ (?:la )?pausa)"
    r"(?: (?:ya|normal|otra vez|de nuevo|nuevamente|de viaje|de vacaciones|gracias))*$"
)
_LEAVES = re.compile(
    r"\b(?:(?:ya )?no (?:quiero|voy a|puedo|deseo|pienso) (?:mas )?(?:seguir )?(?:cuid\w+|atend\w+|recib\w+)"
    r"(?: mas)?(?: a)? (?:ninos|bebes|mas)|ya no cuido(?: mas)? (?:ninos|bebes)|dej[eo] de cuidar|dejar de cuidar"
    r"|(?:sa[qc]\w+|retir\w+|quit\w+|borr\w+|elimin\w+) (?:\w+ )?(?:de )?(?:la|su) (?:lista|registro)"
    r"|(?:baja|retirarme|salirme|salir) (?:como|de) cuidadora?|no quiero ser (?:mas )?cuidadora?)\b"
)
_ASKS_OUT = re.compile(
    r"^(?:(?:por favor|quiero que me|me) )*(?:saquen\w*|sacame|retiren\w*)(?: por favor| de ahi)?$"
)
_CARES = re.compile(r"\b(?:atien\w+|aten[cd]\w+|recib\w+|cuid\w+|paus\w+|cup\w+|vacantes?|cobr\w+)\b")
_WEEKDAY = re.compile(r"\b(?:los |las )?(lunes|martes|miercoles|jueves|viernes|sabados?|domingos?)\b")
_ONE_DAY = re.compile(r"\b(?:el|este|esta) (?:lunes|martes|miercoles|jueves|viernes|sabado|domingo)\b")


# ---------------------------------------------------------------- the rules


def change(scene: Scene) -> Turn | None:
    """What a message makes of the file of whoever sends it; None where they have none, or it speaks of none."""
    found = _found(scene)
    if found is None:
        return _passed_on(scene)
    turn = _kept(scene.conversation, *found)
    if turn.conversation.awaiting is not None:
        return turn
    return replace(turn, conversation=replace(turn.conversation, awaiting=_still_open(scene.conversation)))


def _passed_on(scene: Scene) -> Turn | None:
    """`el viernes no atiendo`: said of the care they offer, and nothing that the file can say: a person reads it."""
    conversation, plain = scene.conversation, keywords.plain(scene.heard.text)
    if conversation.own is None or _looks_for_care(conversation) or not _is_about_it(scene, plain):
        return None
    told = any(slot.value is not None for slot in scene.heard.of(*_TOLD))
    off_once = _AWAY.search(plain) and _ONE_DAY.search(plain) and _CARES.search(plain)
    if not off_once and not (told and _SPEAKS_OF_IT.search(plain)):
        return None
    case = cases.open_case(CaseReason.PROVIDER, conversation, scene.heard.text, about="availability")
    return Turn(replace(conversation, tries=0), (say("availability_noted"),), (case,))


def leave(scene: Scene) -> Turn | None:
    """`ya no quiero cuidar niños, sáquenme`: asked once, for it is not taken back by a word."""
    conversation, plain = scene.conversation, keywords.plain(scene.heard.text)
    is_leaving = _LEAVES.search(plain) or _ASKS_OUT.match(plain)
    if conversation.own is None or not is_leaving or conversation.awaiting is Awaiting.PROVIDER_LEAVE:
        return None
    if _until(plain, scene) is not None:
        return None
    return asking.ask(conversation, Awaiting.PROVIDER_LEAVE)


def beside(rule: Callable[[Scene], Turn | None]) -> Callable[[Scene], Turn | None]:
    """The rule, and what the message changes in the file besides: `no tengo cupo hasta enero` answers an offer, and
    keeps others from being made."""

    def both(scene: Scene) -> Turn | None:
        turn = rule(scene)
        if turn is None or not any(job.kind is JobKind.ANSWER_OFFER for job in turn.jobs):
            return turn
        own, plain = scene.conversation.own, keywords.plain(scene.heard.text)
        found = _places(own, plain, scene) or _pause(own, plain, scene) if own else None
        endless = {"paused_until": UNTIL_THEY_SAY.isoformat()}
        if found is None or found[0] == endless or found[0].get("capacity"):
            return turn  # `estoy mal de salud` turns down one child, and does not take anybody off the list for ever
        kept = _kept(turn.conversation, *found)
        return Turn(kept.conversation, (*turn.replies, *kept.replies), (*turn.jobs, *kept.jobs))

    return both


def answer_leave(scene: Scene) -> Turn | None:
    """Yes takes the file out; no leaves it; anything else is something else."""
    heard, conversation = scene.heard, replace(scene.conversation, awaiting=None, tries=0)
    said = keywords.intent_of(heard.text) or keywords.leading_yes_or_no(heard.text)
    said = said or (heard.intent if heard.certain else None)
    plain = keywords.plain(heard.text)
    if said is Intent.AFFIRM or _LEAVES.search(plain) or _ASKS_OUT.match(plain):
        offers = tuple(one for one in conversation.offers if one.stage is Stage.AGREED)
        gone = replace(conversation, own=None, offers=offers, topic=None)
        return Turn(gone, (say("provider_left"),), (Job(JobKind.CHANGE_FILE, {"withdraw": True}),))
    return Turn(conversation, (say("provider_stays"),)) if said is Intent.DENY else None


def answer_again(scene: Scene) -> Turn | None:
    """How many places there are by now: `2`, `no`, `si`."""
    conversation = scene.conversation
    read = registering.in_light_of(Awaiting.PROVIDER_AGAIN, scene)
    places = [slot.value for slot in read.heard.of(SlotName.CAPACITY) if slot.value is not None]
    said = keywords.intent_of(scene.heard.text) or keywords.leading_yes_or_no(scene.heard.text)
    if said is Intent.DENY and not any(places):
        return Turn(replace(conversation, awaiting=None, tries=0), (say("provider_still_full"),))
    if not places:
        return asking.ask(conversation, Awaiting.PROVIDER_AGAIN) if said is Intent.AFFIRM else None
    turn = change(read)
    return turn or _kept(replace(conversation, awaiting=None, tries=0), {"capacity": places[-1]}, {})


# ---------------------------------------------------------------- what it changes

_Found = tuple[dict[str, Any], dict[str, Any]]
"""The fields that change, in JSON; and what goes with them: a day on which places are asked for or set."""


def _found(scene: Scene) -> _Found | None:
    own, heard = scene.conversation.own, scene.heard
    plain = keywords.plain(heard.text)
    if own is None or not plain or (_looks_for_care(scene.conversation) and not _CARES.search(plain)):
        return None
    scene = registering.by_its_words(scene)
    if _BACK.match(plain):
        return {"paused_until": None}, {}
    if found := _pause(own, plain, scene):
        return found
    if not _is_about_it(scene, plain):
        return None
    return _places(own, plain, scene) or _facts(own, plain, scene)


def _looks_for_care(conversation: Conversation) -> bool:
    """Whether they are answering us as somebody who looks for something themselves."""
    awaiting = conversation.awaiting
    return awaiting not in (None, Awaiting.TOPIC) and not ownfile.is_asked(awaiting)


def _is_about_it(scene: Scene, plain: str) -> bool:
    """Whether a message of theirs speaks of the care they offer, and not of what they look for as a parent."""
    heard, conversation = scene.heard, scene.conversation
    if heard.sure and heard.intent in (Intent.UPDATE_AVAILABILITY, Intent.OFFER_CARE):
        return True
    if heard.text.rstrip().endswith("?") or (heard.sure and heard.intent is Intent.FIND_CHILDCARE):
        return False
    if _SPEAKS_OF_IT.search(plain) or _FULL.search(plain):
        return True
    return conversation.topic is Topic.PROVIDER and heard.sure and heard.intent is Intent.INFORM


def _places(own: OwnFile, plain: str, scene: Scene) -> _Found | None:
    """Places, now or from a day on."""
    values = [slot.value for slot in scene.heard.of(SlotName.CAPACITY) if slot.value is not None]
    if _FULL.search(plain):
        values = [0]
    if not values or _AWAY.search(plain):
        return None
    until = _until(plain, scene)
    if values[-1] == 0:
        return {"capacity": 0}, {"again_on": until.isoformat()} if until else {}
    if until:
        return {}, {"again_on": until.isoformat(), "places": values[-1]}
    after = ownfile.tell(own, scene, moving=False)
    return ownfile.differences(own, replace(after, capacity=values[-1], start_date=None)) or {
        "capacity": values[-1]
    }, {}


def _pause(own: OwnFile, plain: str, scene: Scene) -> _Found | None:
    """Days on which they are not shown to anybody."""
    if _PAUSES.match(plain):
        until = _until(plain, scene) or UNTIL_THEY_SAY
    elif _AWAY.search(plain) and not _OF_CHILDREN.search(plain):
        if days := _days_off(own, plain, scene):
            return {"days": days}, {}
        if "hasta" not in plain.split() and (_ONE_DAY.search(plain) or scene.heard.of(SlotName.TIME)):
            return None
        until = _until(plain, scene) or UNTIL_THEY_SAY
    else:
        return None
    return {"paused_until": until.isoformat()}, {}


def _days_off(own: OwnFile, plain: str, scene: Scene) -> list[str] | None:
    """The days that are left of those known, for `ya no atiendo los sábados`."""
    named = [] if _ONE_DAY.search(plain) or "hasta" in plain.split() else _WEEKDAY.findall(plain)
    off = {
        day
        for word in named
        for day in normalize(SlotName.DAYS, word, text=word, intent=Intent.INFORM, now=scene.now) or ()
    }
    left = [day for day in own.days if day not in off]
    return left if off and left and left != list(own.days) else None


def _until(plain: str, scene: Scene) -> date | None:
    """The day from which on they are there again: by the words, or the date that was read."""
    today = scene.now.astimezone(LIMA).date()
    monday = today + timedelta(days=7 - today.weekday())
    if re.search(r"\bhoy\b", plain):
        return today + timedelta(days=1)
    if re.search(r"\b(proxima|otra|siguiente) semana\b", plain):
        return monday + timedelta(days=7) if _AWAY.search(plain) and "hasta" not in plain.split() else monday
    if re.search(r"\besta semana\b", plain):
        return monday
    if re.search(r"\b(este|todo el) mes\b", plain):
        return (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    dates = [slot.value for slot in scene.heard.of(SlotName.START_DATE) if slot.value]
    told = date.fromisoformat(dates[-1]) if dates else _date_in(plain, scene)
    if re.search(r"(?<!la )\bmanana\b", plain) and "hasta" not in plain.split():
        return today + timedelta(days=2)
    return told if told and told > today else None


def _date_in(plain: str, scene: Scene) -> date | None:
    found = re.search(r"\b(?:hasta|desde|a partir de|recien en|vuelvo|regreso) (?:el |la |del )?(.+)$", plain)
    if found is None:
        return None
    value = normalize(SlotName.START_DATE, found[1], text=plain, intent=Intent.INFORM, now=scene.now)
    return date.fromisoformat(value) if value else None


def _facts(own: OwnFile, plain: str, scene: Scene) -> _Found | None:
    """Price, hours, ages and what else there is; who and where only when the words say that it is they that change."""
    own = ownfile.current(own, scene)
    after = ownfile.tell(own, scene, moving=bool(_MOVES.search(plain)))
    after = replace(after, start_date=None, candidates=())
    if after.place is None or after.min_months is None or after.max_months is None:
        return None
    if after.place != own.place and after.reference == own.reference:
        after = replace(after, reference="")
    changed = ownfile.differences(own, after)
    return (
        (changed, {}) if changed or any(slot.value is not None for slot in scene.heard.of(*_TOLD)) else None
    )


_TOLD = (
    SlotName.CHILD_AGE,
    SlotName.DAYS,
    SlotName.TIME,
    SlotName.PRICE,
    SlotName.CAPACITY,
    SlotName.AMENITY,
)
"""Said again as it is on file already: it is said back, and nothing changes."""


# ---------------------------------------------------------------- what is said


def _kept(conversation: Conversation, changed: dict[str, Any], more: dict[str, Any]) -> Turn:
    """The turn that keeps a change and says it back."""
    before = conversation.own or OwnFile()
    own = OwnFile.from_json({**before.to_json(), **changed})
    reviewed = sorted(set(changed) & set(ownfile.REVIEWED))
    if reviewed:
        own = replace(own, verified=False)
    jobs = [Job(JobKind.CHANGE_FILE, {"changes": changed, **more})] if changed or more else []
    if reviewed:
        jobs.append(cases.open_case(CaseReason.PROVIDER, conversation, about="changed", changes=changed))
    after = replace(conversation, own=own, tries=0, awaiting=None)
    if own.capacity == 0 and before.capacity == 0 and changed == {"paused_until": None}:
        asked = asking.ask(after, Awaiting.PROVIDER_AGAIN, _said(own, changed, more))
        return replace(asked, jobs=tuple(jobs))
    replies: tuple[Reply, ...] = (_said(own, changed, more),)
    if reviewed and before.verified:
        replies = together(*replies, say("provider_reviewed"))
    return Turn(after, replies, tuple(jobs))


def _said(own: OwnFile, changed: dict[str, Any], more: dict[str, Any]) -> Reply:
    if "paused_until" in changed:
        if own.paused_until is None:
            return say(
                "provider_back" if own.verified else "provider_back_unverified",
                need=ownfile.news(_SHOWN, own),
            )
        if own.paused_until == UNTIL_THEY_SAY:
            return say("provider_paused")
        return say("provider_paused_until", when=phrases.weekday_and_date(own.paused_until))
    if "again_on" in more:
        day = phrases.weekday_and_date(date.fromisoformat(more["again_on"]))
        if "places" in more:
            now = phrases.places(own.capacity or 0)
            return say("provider_places_from", when=day, thing=phrases.places(more["places"]), need=now)
        return say("provider_full_until", when=day)
    if changed.get("capacity") == 0:
        return say("provider_full")
    return say("provider_changed", need=ownfile.news(changed or _SHOWN, own) or phrase("noted_all"))


_SHOWN = dict.fromkeys(("capacity", "ages", "when", "price"))


def _still_open(conversation: Conversation) -> Awaiting | None:
    """A parent's question stays open; one about the file is answered."""
    awaiting = conversation.awaiting
    return None if ownfile.is_asked(awaiting) else awaiting
