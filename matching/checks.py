"""What is checked of one who cares for children before a family is shown them, and for how long each check counts.

The law asks for less than we do. What it says, and where we have that from:

- Nobody who was ever condemned for violence, sexual crimes or trafficking may work with children, not even at home or
  for a private employer; whoever employs them must look it up (Ley 30901: subregistro de condenas). Read in a report
  of the congress member who brought it in (indirahuilca.pe); the law's own text was not read. Hence `BACKGROUND`, of
  everybody who is with the children.
- The Certificado Único Laboral tells identity and the police's, the courts' and the prisons' records in one free paper,
  and is good for three months (Ministerio de Trabajo, as Radio Nacional told in 2024). It tells how things stood on its
  day; we ask for a new one each year.
- A DNI of an adult is good for ten years since Ley 32237 (2025), for eight before, and without an end from 60 on
  (RENIEC, as La República told in 2025).
- A nido, jardín or cuna-jardín that is private needs the education authority's authorisation, and one of the State, or
  a PRONOEI, the resolution by which it was made (Ley 28044; Ley 26549; DS 005-2021-MINEDU, the rules of private schools
  of basic education, whose beginning was read). That it holds from the initial level on, and that a resolution of UGEL
  or DRE is its outcome, is from memory.
- A place open to the public needs a licence of its municipality, and a certificate of safety inspection (ITSE) that is
  good for two years (Ley 28976; DS 002-2018-PCM). From memory. That the municipality's own places and those of the
  State need no such licence (art. 18 of that law) is from memory too: for Cuna Más and municipal cunas we ask for none.
- A woman who takes a few children into her home, and a nanny, who works in the family's (Ley 31047), need no licence
  that we know of. From memory: who runs Ayllu has it looked at by somebody who knows the law.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from matching.schema import CareKind


class CheckKind(StrEnum):
    """What somebody looked at."""

    IDENTITY = "identity"
    """The DNI of who answers for the care, seen, and it is theirs."""
    BACKGROUND = "background"
    """No record with police, courts or prisons, of anybody who is with the children."""
    VISIT = "visit"
    """The place, seen: who else is there, what is dangerous, where children sleep and eat."""
    INTERVIEW = "interview"
    """Of who comes to the family's home there is no place to see: met in person, and two families asked about them."""
    LICENCE = "licence"
    """The papers that the law asks of such a place."""


NEEDED: Mapping[CareKind, tuple[CheckKind, ...]] = MappingProxyType(
    {
        CareKind.CUNA_MAS: (CheckKind.IDENTITY, CheckKind.BACKGROUND, CheckKind.VISIT),
        CareKind.MUNICIPAL: (CheckKind.IDENTITY, CheckKind.BACKGROUND, CheckKind.VISIT),
        CareKind.DAYCARE: (CheckKind.IDENTITY, CheckKind.BACKGROUND, CheckKind.VISIT, CheckKind.LICENCE),
        CareKind.PRESCHOOL: (CheckKind.IDENTITY, CheckKind.BACKGROUND, CheckKind.VISIT, CheckKind.LICENCE),
        CareKind.HOME: (CheckKind.IDENTITY, CheckKind.BACKGROUND, CheckKind.VISIT),
        CareKind.NANNY: (CheckKind.IDENTITY, CheckKind.BACKGROUND, CheckKind.INTERVIEW),
    }
)
"""All that must be there, each not over, before a family is shown one of this kind."""

HOLDS: Mapping[CheckKind, timedelta] = MappingProxyType(
    {
        CheckKind.IDENTITY: timedelta(days=5 * 365),
        CheckKind.BACKGROUND: timedelta(days=365),
        CheckKind.VISIT: timedelta(days=365),
        CheckKind.INTERVIEW: timedelta(days=365),
        CheckKind.LICENCE: timedelta(days=2 * 365),
    }
)
"""The longest that a check counts. Who one is does not change: half of what a DNI is good for. What somebody did or
where they live may have changed in a year; a licence is looked at as often as its safety inspection is renewed. Who
checks may set an earlier day, such as that on which a paper ends, and never a later one."""

OVERTURNED_BY: Mapping[str, tuple[CheckKind, ...]] = MappingProxyType(
    {
        "name": (CheckKind.IDENTITY, CheckKind.BACKGROUND),
        "kind": (CheckKind.LICENCE,),
        "place": (CheckKind.VISIT, CheckKind.LICENCE),
        "reference": (CheckKind.VISIT, CheckKind.LICENCE),
    }
)
"""What was seen is not seen any more when this of a provider's file changes: another name is another person, another
address another house. One of another kind needs other checks, and other papers."""

EXPIRING = timedelta(days=30)
"""So long before a check is over, somebody is told to renew it: time for a visit and for a paper to be issued."""


def last_day(kind: CheckKind, done_on: date) -> date:
    """The last day on which a check of that day counts, unless an earlier one was set."""
    return done_on + HOLDS[kind]


def overturned(changed: Collection[str]) -> tuple[CheckKind, ...]:
    """The checks that say nothing any more once these fields of a file are changed."""
    return tuple(dict.fromkeys(check for field in changed for check in OVERTURNED_BY.get(field, ())))
