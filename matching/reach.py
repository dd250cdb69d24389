"""How far is still near: the circles in which help is looked for, from the parent outwards."""

from __future__ import annotations

from matching.schema import CareKind

STEPS_KM = (1.0, 2.0, 4.0, 8.0)
"""The circle is widened until enough is found. 2 km is half an hour's walk with a small child, 4 km a short
ride, 8 km across a city at the rush hour about as much as anybody can do twice a day before and after
work."""

CITY_REACH_KM = 8.0
CITY_NANNY_REACH_KM = 12.0
COUNTRY_REACH_KM = 20.0
COUNTRY_NANNY_REACH_KM = 30.0
"""Where there are few providers, the next town may be the only choice. A nanny makes the way herself, without
a child, and may stay over: half as far again."""

CITY_PROVIDERS = 25
"""A place is a city, for reach, when so many verified providers are within 8 km. It depends on the place
alone, never on the query: so asking for more can never make the circle bigger and bring in somebody new."""

FARTHEST_KM = 25.0
"""When nothing fits within reach, how far is looked for what is nearest: nobody takes a child farther every
day, so that beyond it there is nobody."""

ENOUGH = 12
"""So many that have all that was asked, and the circle is not widened further: four pages of three."""
FIRST_LOOK_KM = 2.0
SECOND_LOOK_KM = 4.0
"""Those who fit are asked for up to these steps, then as far as any is proposed. In a town the first is enough for
most."""
PLENTY = 40
PLENTY_MORE = 120
"""So many of those who fit are looked at, the nearest: at first, and when too few of them have all that was asked for.
Beyond them the way is longer, and a parent waits for the answer."""
SOME = 30
"""So many who fit within the second look are enough, whatever they lack."""

HUB_STEPS_KM = (3.0, 10.0, 30.0)
"""People go to a hub now and then, not twice a day: farther is acceptable. A hub beyond 30 km helps nobody."""
HUB_FAR_KM = 10.0
"""From here on it is said that a hub is far: more than an hour by public transport, there and back."""
ENOUGH_HUBS = 6


def reach_km(kind: CareKind, city: bool) -> float:
    """The farthest that this kind of provider is proposed."""
    if kind is CareKind.NANNY:
        return CITY_NANNY_REACH_KM if city else COUNTRY_NANNY_REACH_KM
    return CITY_REACH_KM if city else COUNTRY_REACH_KM
