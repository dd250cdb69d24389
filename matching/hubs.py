"""The nearest hub that has what is asked for and is open when it is needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from matching import reach
from matching.candidates import Near, Surroundings
from matching.explain import in_order, reason
from matching.schema import Hub, HubOption, HubQuery, Reason, ReasonCode
from matching.week import DAY, DAYS, is_open, minutes, shift_minutes

LIMIT = 12

GIVES = {"internet": frozenset({"internet", "wifi"}), "computer": frozenset({"computer"})}
"""What else is as good: who asks for internet can use a hub's wifi with their own phone."""


def nearest(query: HubQuery, near: Near[Hub]) -> tuple[HubOption, ...]:
    """All hubs found: first those with everything that are open then, by distance; then those that lack
    least."""
    around = Surroundings(query.point, near)
    excluded = set(query.exclude)
    for radius_km in reach.HUB_STEPS_KM:
        around.widen(radius_km)
        found = [(hub, away) for hub, away in around if hub.id not in excluded]
        good = sum(not missing(hub, query) and opens_then(hub, query) for hub, _ in found)
        if good >= reach.ENOUGH_HUBS:
            break
    found.sort(key=lambda one: _rank(one[0], query, one[1]))
    closest = min((away for _, away in found), default=0.0)
    return tuple(
        HubOption(hub, away, missing(hub, query), in_order(_reasons(hub, query, away, away <= closest)))
        for hub, away in found
    )


def missing(hub: Hub, query: HubQuery) -> tuple[str, ...]:
    """The services asked for that a hub has not."""
    has = set(hub.services)
    return tuple(asked for asked in query.services if not has & GIVES.get(asked, {asked}))


def opens_then(hub: Hub, query: HubQuery) -> bool:
    """Whether it is open when it was asked for: all that time, on every day named; with no day, on one of its
    own. With nothing said about time it is."""
    if not query.days and query.start is None and query.end is None:
        return True
    days = query.days or tuple(hub.hours)
    opened = [_opens_on(day, hub, query) for day in days]
    return bool(opened) and (all(opened) if query.days else any(opened))


def open_until(hours: Mapping[str, tuple[str, str]], day: str, time: str) -> str | None:
    """When it closes, if it is open at that time of that day; None when it is closed then.

    >>> open_until({"mon": ("08:00", "18:00")}, "mon", "10:00")
    '18:00'
    """
    now = minutes(time)
    for back in (0, 1):
        opened_on = DAYS[DAYS.index(day) - back]
        if opened_on in hours:
            opens, closes = hours[opened_on]
            since = now + back * DAY - minutes(opens)
            if 0 <= since < shift_minutes(opens, closes):
                return closes
    return None


def next_opening(hours: Mapping[str, tuple[str, str]], day: str, time: str) -> tuple[int, str] | None:
    """In how many days, and at what time, it opens next; None for what never opens.

    >>> next_opening({"mon": ("08:00", "18:00")}, "sat", "10:00")
    (2, '08:00')
    """
    for ahead in range(len(DAYS) + 1):
        on = DAYS[(DAYS.index(day) + ahead) % len(DAYS)]
        if on in hours and (ahead or minutes(hours[on][0]) > minutes(time)):
            return ahead, hours[on][0]
    return None


def _opens_on(day: str, hub: Hub, query: HubQuery) -> bool:
    if day not in hub.hours:
        return False
    opens, closes = hub.hours[day]
    if query.closes_after is not None:
        ends = minutes(opens) + shift_minutes(opens, closes)
        if ends <= minutes(query.closes_after):
            return False
    return is_open((day,), opens, closes, (day,), query.start, query.end)


def _rank(hub: Hub, query: HubQuery, away: float) -> tuple[int, float, int]:
    lacks = len(missing(hub, query)) + (not opens_then(hub, query))
    return lacks, away, hub.id


def _reasons(hub: Hub, query: HubQuery, away: float, is_closest: bool) -> Iterator[Reason]:
    lacks = missing(hub, query)
    if lacks:
        yield reason(ReasonCode.LACKS_SERVICE, services=lacks)
    elif query.services:
        yield reason(ReasonCode.ALL_SERVICES, services=query.services)
    if query.days or query.start or query.end:
        if opens_then(hub, query):
            day = next((day for day in query.days or hub.hours if day in hub.hours), None)
            opens, closes = hub.hours[day] if day else (None, None)
            yield reason(
                ReasonCode.OPEN_THEN, day=query.days[0] if query.days else None, opens=opens, closes=closes
            )
        else:
            yield reason(ReasonCode.CLOSED_THEN)
    if hub.free:
        yield reason(ReasonCode.FREE)
    if is_closest:
        yield reason(ReasonCode.CLOSEST, distance_km=round(away, 2))
    if away > reach.HUB_FAR_KM:
        yield reason(ReasonCode.FAR, distance_km=round(away, 2))
