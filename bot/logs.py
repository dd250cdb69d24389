"""Logging: one line an event on standard error, numbers of people masked wherever they come from."""

from __future__ import annotations

import logging
import re
import sys

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
    """Masks the finished line, its traceback included."""

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
