"""What is wrong with something that people filled in, said twice: for the command line, and for the console."""

from __future__ import annotations


class Wrong(ValueError):
    """The message is English; `spanish` is what people of the console read."""

    def __init__(self, english: str, spanish: str) -> None:
        super().__init__(english)
        self.spanish = spanish


def in_spanish(error: BaseException) -> str:
    """What people of the console read of an error; its own words where it has no Spanish."""
    return error.spanish if isinstance(error, Wrong) else str(error)
