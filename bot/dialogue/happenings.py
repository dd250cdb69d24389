"""What happened elsewhere, told in a person's conversation: a pure step, like that for what they write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.dialogue import match_news, offers, passing, providers, ratings, reminders
from bot.dialogue.conversation import Conversation
from bot.dialogue.scene import Turn
from bot.messages import Event, EventKind

_Teller = Callable[[Conversation, dict[str, Any], datetime], Turn]


def happened(conversation: Conversation, event: Event, now: datetime) -> Turn:
    """What an event makes of the conversation, and what is said of it. `now` is timezone-aware.

    Whoever is told something is in the middle of a talk again, however long they were silent.
    """
    turn = _TELLERS[event.kind](conversation, event.data, now)
    return replace(turn, conversation=replace(turn.conversation, last_at=now)) if turn.replies else turn


_TELLERS: dict[EventKind, _Teller] = {
    EventKind.ASKED_NEXT: match_news.asked_next,
    EventKind.COUNTERED: match_news.countered,
    EventKind.AGREED: match_news.agreed,
    EventKind.EXHAUSTED: match_news.exhausted,
    EventKind.LAPSED: match_news.lapsed,
    EventKind.QUIT: match_news.left_alone,
    EventKind.CLOSED: match_news.closed,
    EventKind.LOOK_AGAIN: match_news.look_again,
    EventKind.FOLLOW_UP: ratings.follow_up,
    EventKind.OFFERED: offers.offered,
    EventKind.WITHDRAWN: offers.withdrawn,
    EventKind.ANSWERED: offers.answered,
    EventKind.ENDED: offers.ended,
    EventKind.TOLD: passing.told,
    EventKind.REMINDER: reminders.remind,
    EventKind.FILE_KEPT: providers.file_kept,
    EventKind.AVAILABLE_AGAIN: providers.available_again,
}
