"""How an offer is told: to the provider it is made to, and among several."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from bot.dialogue import phrases
from bot.dialogue.conversation import ChildNeed, PutOffer
from bot.dialogue.wording import Text, listing, phrase, say, text
from bot.messages import Reply

MOST_LISTED = 3


def put(offer: PutOffer) -> Reply:
    """All that a provider needs to know, and two words to answer with."""
    need = offer.need
    budget = phrase("family_offers", price=phrases.price(need.budget)) if need.budget else ""
    special = phrase("child_has", needs=phrases.enumeration(need.special_needs)) if need.special_needs else ""
    return say(
        "offer_put",
        name=need.name or phrase("a_family"),
        child=phrases.whom(need.ages_months, need.children, need.girl),
        place=need.place,
        when=phrases.when(need.days, need.start, need.end, need.start_date) or phrase("days_to_agree"),
        budget=" ".join(part for part in (special, budget) if part),
        code=offer.code,
    )


def which(offers: Sequence[PutOffer]) -> Reply:
    """Several are open: which one is meant?"""
    lines = [
        text("offer_line", code=one.code, name=one.need.name or phrase("a_family"), need=agreement(one.need))
        for one in offers[-MOST_LISTED:]
    ]
    return say("which_offer", options=listing(lines, Text("\n", "\n")), code=offers[-1].code)


def agreement(need: ChildNeed) -> str:
    """`un niño de 2 años, lunes a viernes 8am-5pm desde 30/11`: what it is about, in a line."""
    parts = [
        phrases.whom(need.ages_months, need.children, need.girl),
        phrases.when(need.days, need.start, need.end, need.start_date),
    ]
    return ", ".join(part for part in parts if part)


def read_need(data: dict[str, Any]) -> ChildNeed:
    """The need in an event's data."""
    return needs().validate_python(data)


@lru_cache(maxsize=1)
def needs() -> TypeAdapter[ChildNeed]:
    """To JSON and back."""
    return TypeAdapter(ChildNeed)
