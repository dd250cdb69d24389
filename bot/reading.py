"""The model, asked with patience: what it cannot read, or not in time, is left to buttons and keywords."""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import lru_cache

from nlp.parser import Parser
from nlp.schema import Parse

log = logging.getLogger(__name__)

WITHIN_S = 3.0
"""It takes some milliseconds. The carrier waits fifteen seconds for our answer."""
LEFT_ALONE_S = 10.0
"""After it was too slow, it is not asked for so long: else each message would wait for it in turn."""
READERS = 4


class _Patience:
    """The threads in which this process asks its model, and until when it does not."""

    def __init__(self) -> None:
        self.readers = ThreadPoolExecutor(READERS, "reader")
        self.left_alone_until = 0.0


@lru_cache(maxsize=1)
def _patience() -> _Patience:
    return _Patience()


def read(parser: Parser | None, text: str, now: datetime, near_ubigeo: str | None) -> Parse | None:
    """What the text means; None where there is no model, or it fails, or takes too long."""
    patience = _patience()
    if parser is None or time.monotonic() < patience.left_alone_until:
        return None
    try:
        return patience.readers.submit(parser.parse, text, now, near_ubigeo=near_ubigeo).result(WITHIN_S)
    except TimeoutError:
        patience.left_alone_until = time.monotonic() + LEFT_ALONE_S
        log.error("the model took longer than %s s: left alone for %s s", WITHIN_S, LEFT_ALONE_S)
    except Exception:
        log.exception("the model could not read a message")
    return None
