"""What is handed to a person of Ayllu, with what they need to know to help."""

from __future__ import annotations

from typing import Any

from bot.dialogue.conversation import Conversation
from bot.messages import CaseReason, Job, JobKind


def open_case(reason: CaseReason, conversation: Conversation, text: str = "", **facts: Any) -> Job:
    """The job that opens a case. Its data: the reason, the person's own words if any (`text`), where they are and
    what they need (as `Conversation.to_json` has it), and the `facts`, which must be JSON."""
    kept = conversation.to_json()
    data: dict[str, Any] = {"reason": reason.value, "topic": kept["topic"], "place": kept["place"]}
    data["need"] = kept["care"]
    if conversation.landmark:
        data["landmark"] = conversation.landmark
    if text:
        data["text"] = text
    return Job(JobKind.OPERATOR, {**data, **facts})
