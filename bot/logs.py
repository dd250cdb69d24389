"""Logging: one line an event on standard error, as text or as JSON; numbers of people masked wherever they come from,
and nothing of what they wrote.

What is logged for one message bears its trace, `in:` and the number of its row, in whichever process: from the webhook
over searches, jobs and sending to the carrier's word that it arrived. What an offer leads to bears `offer:` and its
number.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from pythonjsonlogger.json import JsonFormatter

_Error = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

_NUMBER = re.compile(r"\b[A-Z]{2}[0-9a-f]{32}\b|\+?\d[\d\s().-]{6,}\d")
"""What may be a number; or a carrier's id, in which there may be as many digits, and which is nobody's number."""
_TRACE = re.compile(r"[a-z_-]+:\d+")

ALONG = ("sid", "channel", "wording")
"""What a line may bear beside its message (`extra`), for who searches the JSON."""

_trace: ContextVar[str] = ContextVar("trace", default="")


@contextmanager
def tracing(cause: str) -> Iterator[None]:
    """What is logged inside it bears the trace of this cause: the row that it all began with.

    >>> with tracing("in:123:0:found"): trace()
    'in:123'
    """
    begun = _TRACE.match(cause)
    before = _trace.set(begun[0] if begun else "")
    try:
        yield
    finally:
        _trace.reset(before)


def trace() -> str:
    """The trace of what is being done, empty outside of any."""
    return _trace.get()


def mask(text: str) -> str:
    """The text with every run of eight or more digits cut to its last two.

    >>> mask("sent to +51987654321")
    'sent to ***21'
    """

    def cut(match: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", match[0])
        return f"***{digits[-2:]}" if len(digits) >= 8 and not match[0][0].isalpha() else match[0]

    return _NUMBER.sub(cut, text)


def _where(error: BaseException | None) -> str:
    """Which error came where, and what led to it; not its text: that may quote what somebody wrote."""
    parts: list[str] = []
    while error is not None:
        stack = "".join(traceback.format_tb(error.__traceback__))
        parts.append(f"{stack}{type(error).__module__}.{type(error).__qualname__}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\nwhich led to\n".join(reversed(parts))


class MaskingFormatter(logging.Formatter):
    """A line of text. Masks the finished line, its traceback included."""

    def formatException(self, ei: _Error) -> str:
        return _where(ei[1])

    def format(self, record: logging.LogRecord) -> str:
        stamp = self.formatTime(record, "%Y-%m-%dT%H:%M:%S")
        traced = f"[{trace()}] " if trace() else ""
        rest = super().format(record)
        return f"{stamp} {record.levelname:<7} {record.name}: {traced}{mask(rest)}"


class MaskingJSON(JsonFormatter):
    """A JSON object on a line: time, level, logger, message, and where there are such: trace, sid, channel, wording,
    error. Nothing else goes into it, whatever a library attaches to a record."""

    def formatException(self, ei: _Error) -> str:
        return _where(ei[1])

    def add_fields(
        self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]
    ) -> None:
        log_data["time"] = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        log_data["level"] = record.levelname
        log_data["logger"] = record.name
        log_data["message"] = mask(record.message)
        if trace():
            log_data["trace"] = trace()
        for name in ALONG:
            if (value := getattr(record, name, None)) is not None:
                log_data[name] = mask(str(value))
        if error := message_dict.get("exc_info"):
            log_data["error"] = mask(str(error))


def formatter(form: str) -> logging.Formatter:
    """How a line is written: `text` or `json`."""
    return MaskingJSON(json_ensure_ascii=False) if form == "json" else MaskingFormatter("%(message)s")


def set_up_logging(level: str, form: str = "text") -> None:
    """Log to standard error from this level on, in this form; libraries only from WARNING on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(form))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for ours in ("bot", "nlp", "matching", "workers", "deploy"):
        logging.getLogger(ours).setLevel(level)
    logging.captureWarnings(True)
    sys.excepthook = _log_the_end


def _log_the_end(kind: type[BaseException], error: BaseException, stack: TracebackType | None) -> None:
    """What nobody caught is a line of the log as well, and no traceback with the error's text beside it."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, stack)
        return
    logging.getLogger(__name__).critical("ended by an error", exc_info=(kind, error, stack))
