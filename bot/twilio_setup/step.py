"""What became of one part of the account."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Done(StrEnum):
    """`OK`: it was so before. `WOULD`: it would be done, in a dry run. `WAITS`: done here, and somebody else's turn."""

    OK = "ok"
    DONE = "done"
    WOULD = "would"
    WAITS = "waits"
    FAILED = "FAILED"


class Step(NamedTuple):
    """`told` is what is so or was done; of what failed, how to mend it as well. `sid`: the template that may be used
    from now on, of a part that is one."""

    part: str
    done: Done
    told: str
    sid: str | None = None

    def __str__(self) -> str:
        return f"{self.done:<8}{self.part:<24}{self.told}"
