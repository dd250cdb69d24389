"""Who and what came into question for a search, with scores and reasons."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot import dialogue
from bot.dialogue import phrases, reasons
from bot.dialogue.searches import OPTIONS_AT_ONCE
from bot.dialogue.wording import word
from bot.messages import JobKind
from bot.store import Tx, hubs
from bot.store.carers import Carers
from bot.store.tables import Provider, Resource
from matching import score
from matching.find import find_care, find_hubs
from matching.schema import CareOption, CareQuery, HubQuery

AT_MOST = 8


def of_search(
    tx: Tx, kind: JobKind, data: dict[str, Any], result: dict[str, Any], at: datetime, include_demo: bool
) -> dict[str, Any]:
    """What was asked for in words, and the candidates, best first. Scores of what was found are those of then; the
    reasons, and whoever else there is, are as matching sees them now for the same question; who does not fit
    it any more is `gone`."""
    if kind is JobKind.FIND_CARE:
        query = dialogue.care_query(data)
        return {"asked": _care(query), "candidates": _carers(tx, query, result, at, include_demo)}
    if kind is JobKind.FIND_HUBS:
        wanted = dialogue.hub_query(data)
        return {"asked": _hub(wanted), "candidates": _hubs(tx, wanted, result, include_demo)}
    return {"asked": data["query"]["subject"], "candidates": _lessons(tx, result)}


def _carers(
    tx: Tx, query: CareQuery, result: dict[str, Any], at: datetime, include_demo: bool
) -> list[dict[str, Any]]:
    listed = {row[0]: row for row in result.get("options", ())[:AT_MOST]}
    now = {
        option.provider.id: option
        for option in find_care(query, Carers(tx, include_demo, at), limit=AT_MOST + len(listed)).options
    }
    found = [
        _as_found(tx, row, place) | (_now(now[provider_id], query) if provider_id in now else {"gone": True})
        for place, (provider_id, row) in enumerate(listed.items())
    ]
    rest = [
        {"name": option.provider.name, "km": option.distance_km, "score": option.score, "shown": False}
        | _now(option, query)
        for provider_id, option in now.items()
        if provider_id not in listed
    ]
    return (found + rest)[:AT_MOST]


def _as_found(tx: Tx, row: list[Any], place: int) -> dict[str, Any]:
    provider_id, points, km = row
    name = tx.session.scalar(select(Provider.name).where(Provider.id == provider_id))
    return {
        "name": name or "—",
        "km": km,
        "score": points,
        "shown": place < OPTIONS_AT_ONCE,
        "parts": {},
        "why": "",
    }


def _now(option: CareOption, query: CareQuery) -> dict[str, Any]:
    provider = option.provider
    parts = {
        "distance": score.distance_part(provider, option.distance_km),
        "price": score.price_part(provider, query),
        "rating": score.rating_part(provider),
    }
    if query.care_types:
        parts["care_type"] = score.care_type_part(provider, query.care_types)
    for name, asked, offers in (
        ("special_needs", query.special_needs, provider.special_needs),
        ("languages", query.languages, provider.languages),
        ("amenities", query.amenities, provider.amenities),
    ):
        if asked:
            parts[name] = score.share_part(asked, offers)
    return {
        "parts": {name: round(part, 2) for name, part in parts.items()},
        "why": reasons.why(option.reasons).whatsapp,
    }


def _hubs(tx: Tx, query: HubQuery, result: dict[str, Any], include_demo: bool) -> list[dict[str, Any]]:
    shown = {row[0] for row in result.get("options", ())[:OPTIONS_AT_ONCE]}
    around = find_hubs(query, lambda at, km: hubs.near(tx, at, km, include_demo))
    return [
        {
            "name": option.hub.name,
            "km": option.distance_km,
            "shown": option.hub.id in shown,
            "why": reasons.why(option.reasons).whatsapp,
        }
        for option in around.options[:AT_MOST]
    ]


def _lessons(tx: Tx, result: dict[str, Any]) -> list[dict[str, Any]]:
    listed = list(result.get("options", ()))[:AT_MOST]
    rows = tx.session.execute(select(Resource.id, Resource.title).where(Resource.id.in_(listed)))
    titles = {row.id: row.title for row in rows}
    return [
        {"name": titles[resource_id], "shown": place < OPTIONS_AT_ONCE, "why": ""}
        for place, resource_id in enumerate(listed)
        if resource_id in titles
    ]


def _care(query: CareQuery) -> str:
    wishes = [word("care_types", one) for one in query.care_types]
    wishes += [*query.special_needs, *query.amenities, *query.languages]
    if query.budget:
        wishes.append(phrases.price(query.budget))
    when = phrases.when(query.days, query.start, query.end, query.start_date)
    return ", ".join(
        part for part in (phrases.whom(query.ages_months, query.children), when, *wishes) if part
    )


def _hub(query: HubQuery) -> str:
    when = phrases.when(query.days, query.start, query.end)
    return ", ".join(part for part in (*(word("services", one) for one in query.services), when) if part)
