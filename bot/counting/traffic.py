"""What went out and came in, week by week, by region and channel, and what it cost."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from bot.channels.prices import Prices
from bot.messages import Channel
from bot.store import Tx, tallies
from bot.store.tables import MessageStatus
from bot.store.tallies import Traffic
from bot.weeks import WEEK, begins

MICROS = 1_000_000


class State(StrEnum):
    """What is known of messages of a week."""

    RECEIVED = "received"
    """They came from a person."""
    DELIVERED = "delivered"
    """They arrived, as the carrier says."""
    SENT = "sent"
    """The carrier took them, and told no more."""
    FAILED = "failed"
    """They reached nobody."""
    WAITING = "waiting"
    """They have not left yet."""


LEFT = (State.DELIVERED, State.SENT, State.FAILED)

_STATE_OF = {
    MessageStatus.QUEUED: State.WAITING,
    MessageStatus.SENDING: State.WAITING,
    MessageStatus.SENT: State.SENT,
    MessageStatus.DELIVERED: State.DELIVERED,
    MessageStatus.READ: State.DELIVERED,
    MessageStatus.FAILED: State.FAILED,
}


@dataclass(slots=True)
class _Group:
    messages: int = 0
    segments: int = 0
    replies: int = 0
    people: set[int] = field(default_factory=set)


def count_week(tx: Tx, week: date, prices: Prices) -> int:
    """Count the messages of a week anew. How many rows that makes."""
    since, until = begins(week), begins(week + WEEK)
    sent, received = tallies.sent(tx, since, until), tallies.received(tx, since, until)
    where = tallies.ubigeo_of_people(
        tx, {one.contact_id for one in sent} | {contact_id for contact_id, _, _ in received}
    )
    groups: defaultdict[tuple[str, Channel, State], _Group] = defaultdict(_Group)
    for one in sent:
        state = _STATE_OF[MessageStatus(one.status)]
        group = groups[where.get(one.contact_id, "")[:2], Channel(one.channel), state]
        group.messages += one.messages
        group.segments += one.segments
        group.replies += one.replies
        group.people.add(one.contact_id)
    for contact_id, channel, messages in received:
        group = groups[where.get(contact_id, "")[:2], Channel(channel), State.RECEIVED]
        group.messages += messages
        group.people.add(contact_id)
    paid = _paid_share(tx, week, groups, prices)
    rows = [
        Traffic(
            week,
            region,
            channel.value,
            state.value,
            group.messages,
            group.segments,
            len(group.people),
            group.replies,
            round(_cost(channel, state, group, paid, prices) * MICROS),
        )
        for (region, channel, state), group in sorted(groups.items())
    ]
    tallies.put_traffic(tx, week, rows)
    return len(rows)


def _paid_share(
    tx: Tx, week: date, groups: dict[tuple[str, Channel, State], _Group], prices: Prices
) -> Decimal:
    """Which part of this week's replies on WhatsApp is paid for: those over what is free in a month. Each region bears
    the same part."""
    before = sum(row.replies for row in tallies.traffic(tx, week.replace(day=1), week))
    now = sum(group.replies for group in groups.values())
    if not now:
        return Decimal(0)
    over = min(now, max(0, before + now - prices.whatsapp_service_free_a_month))
    return Decimal(over) / now


def _cost(channel: Channel, state: State, group: _Group, paid: Decimal, prices: Prices) -> Decimal:
    """US dollars. SMS that were received count as one segment each: how many they had is in sealed forms. What failed
    costs as much as what arrived: else the price would tell how much failed, where that is not told."""
    if state is State.WAITING:
        return Decimal(0)
    if state is State.RECEIVED:
        return prices.received(channel, segments=1) * group.messages
    if channel is Channel.SMS:
        return prices.sent(channel, segments=group.segments, template=False)
    free = prices.sent(channel, segments=1, template=False)
    beyond = prices.whatsapp_service_free_a_month
    charged = prices.sent(channel, segments=1, template=False, replies_this_month=beyond)
    template = prices.sent(channel, segments=1, template=True)
    replies = group.replies * (free * (1 - paid) + charged * paid)
    return replies + (group.messages - group.replies) * template
