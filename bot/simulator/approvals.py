"""WhatsApp's word on a template, and the rules of form by which it refuses one at once.

https://www.twilio.com/docs/whatsapp/tutorial/message-template-approvals-statuses
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from bot.simulator.records import Content

REVIEW_S = 1.0
"""How long the review takes, by the carrier's pace; WhatsApp itself takes minutes, at times two days."""

LONGEST = 1024
_GAP = re.compile(r"\{\{\d+\}\}")
_NAME = re.compile(r"[a-z0-9_]{1,512}")


class ApprovalStatus(StrEnum):
    """Twilio's words for where a template stands."""

    UNSUBMITTED = "unsubmitted"
    RECEIVED = "received"
    APPROVED = "approved"
    REJECTED = "rejected"


def status_of(content: Content, now: datetime, pace: float) -> ApprovalStatus:
    """Where the template stands now."""
    if content.approval is None:
        return ApprovalStatus.UNSUBMITTED
    if now < content.approval.asked + timedelta(seconds=REVIEW_S * pace):
        return ApprovalStatus.RECEIVED
    return ApprovalStatus.REJECTED if fault_in(content.body) else ApprovalStatus.APPROVED


def is_name(name: str) -> bool:
    """Whether WhatsApp takes it for a template's name."""
    return _NAME.fullmatch(name) is not None


def fault_in(body: str) -> str:
    """Why a text is refused; "" where it is not."""
    plain = body.replace("*", "").replace("_", "").strip()
    if len(body) > LONGEST:
        return f"INVALID_FORMAT: longer than {LONGEST} characters"
    gaps = list(_GAP.finditer(plain))
    if gaps and (gaps[0].start() == 0 or gaps[-1].end() == len(plain)):
        return "INVALID_FORMAT: a variable is at the beginning or end"
    if any(not re.search(r"\w", plain[one.end() : other.start()]) for one, other in pairwise(gaps)):
        return "INVALID_FORMAT: variables are adjacent to each other"
    numbers = list(dict.fromkeys(int(gap[0].strip("{}")) for gap in gaps))
    if numbers != list(range(1, len(numbers) + 1)):
        return "INVALID_FORMAT: variable numbers are not sequential"
    return ""
