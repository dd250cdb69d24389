"""Hours of the day: `8 a 5`, `7am-4pm`, `de 7 y media a 5 y 30`, `hasta las 6`, `7 de la noche a 7 de la
mañana`, `tardes`.

Hours without am or pm are read as those who look for care mean them: the pair that is least odd for a working
day wins (`_oddness`), one hour alone begins in the morning and ends in the afternoon. Whether one hour alone is
a start or an end is told by the span (`hasta`, `desde`), else by the words about it (`entro`, `salgo`).

Parts of the day have the schema's hours; besides, `madrugada` is 00:00–06:00, `24 horas` 00:00–23:59, `tiempo
completo` as `todo el dia`. Half a day without saying which half, and lengths of time (`8 horas`), have no
value.
"""

from __future__ import annotations

import re

from nlp.normal.clocks import DAY, NOON, Clock, clean_hours, clocks, marked
from nlp.normal.words import fold

_PARTS = {
    "morning": (8 * 60, 13 * 60),
    "afternoon": (13 * 60, 18 * 60),
    "night": (18 * 60, 23 * 60),
    "dawn": (0, 6 * 60),
    "workday": (8 * 60, 18 * 60),
}
_NIGHT_WORK = re.compile(
    r"\b(?:shift|guardia|trabajo|trabaja|trabajar|whole) (?:of )*night"
    r"|(?<!\d )(?<!of )(?<!hour )(?<!half )(?<!quarter )\b(?:of )+night\b"
)
_ROUND_THE_CLOCK = re.compile(
    r"\b24 hour\b|\b24 / 7\b|\b24 x 7\b|\bday y (?:of )*night\b|\bnight y (?:of )*day\b"
)
_WHOLE_DAY = re.compile(
    r"\bwhole (?:of |santo )*(?:day|shift)\b|\b(?:day|shift) whole\b|\bfulltime\b|\bwhole time\b"
)
_MARK_AFTER = re.compile(r"(?:of )*(am|pm|(?<=of )(?:morning|afternoon|night|dawn))\b")
_CLAUSE_END = re.compile(r"\d|,|\by\b|\bpero |;|\.|\n")
_OWN_HOUR = re.compile(r"\w+ (?:to )?(?:of )*\d")
_SCHOOL_ENDS = range(150)
"""Minutes past noon."""
_LEAVES_FOR_WORK = re.compile(
    r"\b(?:leave|exit) (?:to(?: trabajar| chambear| chamba)|to of (?:trabajo|chamba|casa)|of (?:mi |of )*casa)"
)


def time_of_day(span: str, *, before: str = "", after: str = "") -> dict[str, str] | None:
    """`{"start": "08:00", "end": "17:00"}`, one of them maybe missing. `before`, `after`: the rest of the message."""
    clean, lead, tail = clean_hours(span), clean_hours(before[-160:]), clean_hours(after[:80])
    if _is_half_a_day(span, lead):
        return None
    found, rest = clocks(clean)
    at_night = _is_night_work(lead, clean, tail)
    parts = [name for name in re.findall(r"[a-z]+", rest) if name in _PARTS]
    if len(found) > 1:
        start, end = _likeliest(found[0], found[-1], at_night or "night" in parts)
        return {"start": _written(start), "end": _written(end)}
    if not found:
        return _of_parts(clean, parts, lead)
    clock = found[0]
    if mark := _MARK_AFTER.match(tail):
        clock = marked(clock, mark[1])
    return _one_end(clock, _role(clock, clean, lead, tail), parts, at_night, lead)


def _is_half_a_day(span: str, lead: str) -> bool:
    """`trabajo medio dia` is a length; `al medio dia`, `hasta medio dia` and `mediodia` are noon."""
    return fold(span) in ("medio dia", "1/2 dia") and lead.split()[-1:] not in (
        ["to"],
        ["upto"],
        ["from"],
        ["of"],
    )


def _is_night_work(lead: str, clean: str, tail: str) -> bool:
    """Whether the message speaks of work at night and, between that and the hours, of nothing by day."""
    said = [*_NIGHT_WORK.finditer(lead)]
    if said and not re.search(r"\b(?:day|morning|afternoon)\b", lead[said[-1].end() :]):
        return True
    return bool(
        _NIGHT_WORK.search(f"{clean} {tail}") or _NIGHT_WORK.search(f"{' '.join(lead.split()[-2:])} {clean}")
    )


def _likeliest(first: Clock, last: Clock, at_night: bool) -> tuple[int, int]:
    """Start and end in minutes, the reading of the two that is least odd."""
    pairs = [(start, end) for start in first.readings() for end in last.readings()]
    if last.mark == "am" and last.minutes % DAY == 0:
        pairs += [(start, NOON) for start in first.readings()]  # `8 a 12 am` is said of noon
    return min(pairs, key=lambda pair: _oddness(pair[0], pair[1], first, last, at_night))


def _oddness(start: int, end: int, first: Clock, last: Clock, at_night: bool) -> float:
    length = (end - start) % DAY
    if length == 0:
        return 99
    overnight = end < start
    odd = 3.0 * (length > 13 * 60) + 0.5 * (length < 60)
    if at_night:
        return odd + 4 * (not first.fixed and 4 * 60 <= start < NOON) + 2 * (not overnight and end < 18 * 60)
    odd += 5 * overnight
    if not first.fixed:
        odd += 4 * (start < 5 * 60) + 1 * (5 * 60 <= start < 6 * 60) + 2 * (start >= 18 * 60)
        if last.mark == "night" and start < NOON and NOON + 5 * 60 < start + NOON < end:
            odd += 2.5  # `7 a 11 de la noche`: the night is said of both
    return odd


def _role(clock: Clock, clean: str, lead: str, tail: str) -> str:
    """Whether one hour alone is a `start`, an `end`, or one to be there `before`."""
    clause = _CLAUSE_END.split(lead)[-1]
    if own := _cue(clock, clean, tail):
        return "start" if own == "before" and re.search(r"\benter\b", clause) else own
    if re.match(r"upto\b|(?:to|-) (?:of )*\d", tail):
        return "start"
    if re.search(r"\d (?:[ap]m )?(?:to|-)(?: of)*$", lead):
        return "end"
    # `entro 7 salgo 4`: a word with an hour of its own after it does not speak of the hour before.
    following = "" if _OWN_HOUR.match(tail) else " ".join(_CLAUSE_END.split(tail)[0].split()[:3])
    return (
        _cue(clock, clause, tail) or _cue(clock, following, tail) or _cue(clock, lead[-60:], tail) or "start"
    )


def _cue(clock: Clock, words: str, tail: str) -> str | None:
    """What the last telling word says of the hour."""
    words = _LEAVES_FOR_WORK.sub("enter", words)
    cues = re.findall(r"\b(?:upto|leave|exit|return|from|enter|before)\b", words)
    match cues[-1] if cues else None:
        case None:
            return None
        case "upto" | "return":
            return "end"
        case "leave":
            # `salgo 6:30, regreso 8 pm`: out of the house, not out of work.
            return "start" if _goes_to_work(clock, tail) else "end"
        case "exit":
            # A child comes out of school about noon, and care begins.
            from_school = re.search(r"\bexit (?:of )*school\b", words) or clock.minutes % NOON in _SCHOOL_ENDS
            return "start" if from_school or _goes_to_work(clock, tail) else "end"
        case "before":
            return "before"
    return "start"


def _goes_to_work(clock: Clock, tail: str) -> bool:
    """Whether somebody leaves at that hour for work: before dawn, or in the morning to come back later."""
    if clock.fixed and 3 * 60 <= clock.minutes < 6 * 60:
        return True
    return clock.minutes < NOON and bool(re.search(r"\breturn\b", tail))


def _one_end(clock: Clock, role: str, parts: list[str], at_night: bool, lead: str) -> dict[str, str]:
    early, late = clock.minutes % NOON, clock.minutes % NOON + NOON
    hour = early / 60
    if clock.fixed:
        minutes = clock.minutes
    elif 12 * 60 <= clock.minutes < 13 * 60:
        minutes = 0 if at_night else clock.minutes
    elif role == "end":
        night_before = re.search(r"(?:enter|from) (?:\w+ )*\d+ (?:(?:of )*night|pm)\b", lead)
        minutes = early if (at_night or night_before) and hour < 10 else late
    elif role == "before":
        minutes = early if hour >= 5 else late
    elif at_night:
        minutes = late if hour >= 5 else early
    else:
        minutes = late if hour < 5 else early
    if role == "start":
        value = {"start": _written(minutes)}
        ends = [_PARTS[part][1] for part in parts if _PARTS[part][1] > minutes]
        return value | ({"end": _written(ends[-1])} if ends else {})
    starts = [_PARTS[part][0] for part in parts if _PARTS[part][0] < minutes]
    return ({"start": _written(starts[0])} if starts else {}) | {"end": _written(minutes)}


def _of_parts(clean: str, parts: list[str], lead: str) -> dict[str, str] | None:
    if _ROUND_THE_CLOCK.search(clean):
        return {"start": "00:00", "end": "23:59"}
    if _WHOLE_DAY.search(clean) or (not parts and _is_day_shift(clean, lead)):
        parts = ["workday"]
    if not parts:
        return None
    if len(parts) == 1 and re.search(r"\bupto\b", clean):
        return {"end": _written(_PARTS[parts[0]][1])}
    if len(parts) == 1 and re.search(r"\bfrom\b", clean):
        return {"start": _written(_PARTS[parts[0]][0])}
    return {"start": _written(_PARTS[parts[0]][0]), "end": _written(_PARTS[parts[-1]][1])}


def _is_day_shift(clean: str, lead: str) -> bool:
    return bool(re.search(r"\bshift (?:of )*day\b", clean) or (clean == "day" and lead.endswith("shift")))


def _written(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
