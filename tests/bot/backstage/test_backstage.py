"""What the simulator's page is told of the bot's inside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from twilio.request_validator import RequestValidator

from bot.app import create_app
from bot.services import Services
from tests.support.carers import put_on_file
from tests.support.carrier import LocalCarrier
from tests.support.phone import Town, at
from tests.support.transcript import LIMA

WEDNESDAY = datetime(2026, 11, 25, 10, 0, tzinfo=LIMA)
MARIA, ROSA, FLOR = "+51900000011", "+51900000021", "+51900000022"
CARER = {
    "kind": "home", "district": "Collique", "lat": "-11.9155", "lon": "-77.0205", "min_age": "6m", "max_age": "4a",
    "days": "lun-sab", "opens": "06:00", "closes": "18:00", "price": "15", "period": "dia", "places": "1",
}  # fmt: skip

Ask = Callable[..., Any]


@pytest.fixture
def ask(services: Services) -> Ask:
    """A question to the backstage, signed as the simulator signs it."""
    simulated = services.settings.model_copy(update={"simulator_url": "http://127.0.0.1:8001/simulator/"})
    client = create_app(replace(services, settings=simulated)).test_client()
    signer = RequestValidator(simulated.twilio_auth_token.get_secret_value())

    def get(path: str, **query: Any) -> Any:
        url = f"/backstage/{path}?{urlencode(query, doseq=True)}"
        signature = signer.compute_signature(f"{simulated.public_url}{url}", {})
        return client.get(url, headers={"X-Twilio-Signature": signature})

    return get


@pytest.fixture
def town(services: Services, carrier: LocalCarrier, tmp_path: Any) -> Town:
    rows = {
        "rosa": CARER | {"name": "Sra. Rosa", "phone": ROSA},
        "flor": CARER | {"name": "Sra. Flor", "phone": FLOR, "lat": "-11.9300", "price": "40"},
    }
    put_on_file(services, rows, tmp_path / "providers.csv", WEDNESDAY)
    return Town(services, carrier)


def story(town: Town, ask: Ask, number: str, channel: str, text: str) -> dict[str, Any]:
    """Write, let everything happen, and ask what became of it."""
    town.write(number, channel, text, MessageSid=f"SM{text.encode().hex()[:30]:0>32}")
    town.settle()
    told: dict[str, Any] = ask("story", sid=f"SM{text.encode().hex()[:30]:0>32}").get_json()
    return told


def test_a_search_is_told_with_who_came_into_question_and_why(town: Town, ask: Ask) -> None:
    with at(WEDNESDAY):
        told = story(
            town, ask, MARIA, "whatsapp",
            "busco quien cuide a mi hijita de 2 años en collique de lunes a viernes de 7 a 5 desde el lunes",
        )  # fmt: skip
    assert (told["trace"], told["handled"]) == ("in:1", True)
    assert told["parse"]["intent"] == "find_childcare"
    meant = {slot["slot"]: slot["value"] for slot in told["parse"]["slots"]}
    assert meant["location"].startswith("Comas")
    assert (meant["child_age"], meant["days"], meant["time"]) == ("2 años", "lunes a viernes", "7am-5pm")
    (search,) = told["searches"]
    rosa, flor = search["candidates"]
    assert "2 años" in search["asked"]
    assert (rosa["name"], flor["name"]) == ("Sra. Rosa", "Sra. Flor")
    assert rosa["score"] > flor["score"]
    assert rosa["parts"]["price"] > flor["parts"]["price"]
    assert rosa["why"]
    (reply,) = told["replies"]
    assert (reply["wording"], reply["status"], reply["same"]) == ("care_list_last", "delivered", True)
    assert reply["sid"].startswith("SM")


def test_what_it_sets_going_at_other_phones_is_part_of_the_story(town: Town, ask: Ask) -> None:
    with at(WEDNESDAY):
        town.ask(
            MARIA, "whatsapp",
            "busco quien cuide a mi hijita de 2 años en collique de lunes a viernes de 7 a 5 desde el lunes",
        )  # fmt: skip
        town.ask(MARIA, "whatsapp", "con la sra rosa")
        agreed = story(town, ask, MARIA, "whatsapp", "si, soy maria")
        said_yes = story(town, ask, ROSA, "sms", "ya mamita")
        coming = ask("coming", until=(WEDNESDAY + timedelta(days=30)).isoformat()).get_json()

    assert agreed["rows"] == {"consents": ["consent_ask"], "requests": ["open"]}
    assert [(offer["name"], offer["status"]) for offer in agreed["offers"]] == [("Sra. Rosa", "sent")]
    assert ("offered", ROSA, True) in [(e["kind"], e["number"], e["happened"]) for e in agreed["events"]]
    assert ("offer_put", ROSA, False) in [(r["wording"], r["number"], r["same"]) for r in agreed["replies"]]

    assert [(r["wording"], r["number"]) for r in said_yes["replies"]] == [
        ("offer_agreed", ROSA),
        ("agreed", MARIA),
    ]
    assert coming["busy"] == 0
    assert [(event["kind"], event["number"]) for event in coming["events"]] == [
        ("move_on", MARIA),
        ("reminder", MARIA),
        ("reminder", ROSA),
        ("follow_up", MARIA),
    ]


def test_what_follows_from_it_hours_later_is_told_too(town: Town, ask: Ask) -> None:
    with at(WEDNESDAY) as clock:
        town.ask(
            MARIA, "whatsapp",
            "busco quien cuide a mi hijita de 2 años en collique de lunes a viernes de 7 a 5 desde el lunes",
        )  # fmt: skip
        town.ask(MARIA, "whatsapp", "con la sra rosa")
        story(town, ask, MARIA, "whatsapp", "si, soy maria")
        town.pass_time(clock, WEDNESDAY + timedelta(hours=3))
        told = ask("story", sid=f"SM{b'si, soy maria'.hex():0>32}").get_json()
    wordings = [reply["wording"] for reply in told["replies"]]
    assert wordings[:2] == ["asked", "offer_put"]
    assert "asked_next" in wordings  # her two hours were over


def test_providers_on_file_are_told_by_name_and_nobody_else(town: Town, ask: Ask) -> None:
    assert ask("names", number=[ROSA, MARIA]).get_json() == {ROSA: "Sra. Rosa"}


def test_a_message_that_never_came_has_no_story(town: Town, ask: Ask) -> None:
    assert ask("story", sid="SM0").status_code == 404
    assert ask("coming", until="soon").status_code == 400
