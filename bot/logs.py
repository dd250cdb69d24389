"""Logging: one line an event on standard error, numbers of people masked wherever they come from, and nothing of what
they wrote."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from types import TracebackType

_Error = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

_NUMBER = re.compile(r"\+?\d[\d\s().-]{6,}\d")


def mask(text: str) -> str:
    """The text with every run of eight or more digits cut to its last two.

    >>> mask("sent to +51987654321")
    'sent to ***21'
    """

    def cut(match: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", match[0])
        return f"***{digits[-2:]}" if len(digits) >= 8 else match[0]

    return _NUMBER.sub(cut, text)


class MaskingFormatter(logging.Formatter):
    """Masks the finished line, its traceback included. A traceback says where which error came, and not its text: that
    may quote what somebody wrote."""

    def formatException(self, ei: _Error) -> str:
        error, parts = ei[1], []
        while error is not None:
            stack = "".join(traceback.format_tb(error.__traceback__))
            parts.append(f"{stack}{type(error).__module__}.{type(error).__qualname__}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\nwhich led to\n".join(reversed(parts))

    def format(self, record: logging.LogRecord) -> str:
        stamp = self.formatTime(record, "%Y-%m-%dT%H:%M:%S")
        rest = super().format(record)
        return f"{stamp} {record.levelname:<7} {record.name}: {mask(rest)}"


def set_up_logging(level: str) -> None:
    """Log to standard error from this level on; libraries only from WARNING on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(MaskingFormatter("%(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for ours in ("bot", "nlp", "matching", "workers", "deploy"):
        logging.getLogger(ours).setLevel(level)
