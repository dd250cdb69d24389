"""Somebody of the other side was forgotten: what a conversation knows of them goes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bot.dialogue.conversation import Awaiting, Conversation, ListedCare

_ABOUT_THEM = (Awaiting.COUNTER, Awaiting.CONSENT, Awaiting.RELAY, Awaiting.RATING, Awaiting.COMMENT)


def without(
    conversation: Conversation, contact_id: int, provider_id: int | None, offers: Collection[int]
) -> Conversation:
    """The conversation without a person: as the one who asks (`contact_id`), as the one who cares for children
    (`provider_id`), and in what was offered between the two (`offers`)."""
    chosen, question, unsettled = conversation.chosen, conversation.question, conversation.unsettled
    if chosen is not None and (chosen.id == provider_id or chosen.offer in offers):
        awaiting = None if conversation.awaiting in _ABOUT_THEM else conversation.awaiting
        conversation = replace(conversation, chosen=None, awaiting=awaiting)
    kept = tuple(offer for offer in conversation.offers if offer.id not in offers)
    return replace(
        conversation,
        listed=tuple(
            one
            for one in conversation.listed
            if not (isinstance(one, ListedCare) and provider_id is not None and one.id == provider_id)
        ),
        offers=kept,
        unsettled=unsettled if kept else None,
        question=None if question is not None and question.asker == contact_id else question,
    )
