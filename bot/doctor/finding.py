"""What a look at one part says."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Verdict(StrEnum):
    """How a part is. `SKIPPED`: what it needs is not there, or cannot tell."""

    OK = "ok"
    WRONG = "WRONG"
    SKIPPED = "skipped"


class Finding(NamedTuple):
    """`told` is what is so; of what is wrong, how to mend it as well."""

    part: str
    verdict: Verdict
    told: str

    def __str__(self) -> str:
        return f"{self.verdict:<8}{self.part:<18}{self.told}"


def ok(part: str, told: str) -> Finding:
    return Finding(part, Verdict.OK, told)


def wrong(part: str, told: str) -> Finding:
    return Finding(part, Verdict.WRONG, told)


def skipped(part: str, told: str) -> Finding:
    return Finding(part, Verdict.SKIPPED, told)
