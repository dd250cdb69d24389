"""An operator acts on a request: the two sides hear of it as if it had come from their own words, and once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from bot import pipeline
from bot.exchange import by_hand
from bot.exchange.by_hand import NotDone, Why
from bot.services import Services
from bot.store import care_requests, cases, contacts, providers
from bot.store.tables import OfferStatus, RequestStatus
from bot.work import Work
from tests.support.asking import CARER, CARERS, FLOR, MARIA, MONDAY, NELI, REQUEST, ROSA, Asked, Deed, asking
from tests.support.carers import put_on_file
from tests.support.carrier import LocalCarrier
from tests.support.phone import Town, at


@pytest.fixture
def asked(services: Services, carrier: LocalCarrier, tmp_path: Path) -> Iterator[Asked]:
    with asking(services, carrier, tmp_path) as under_way:
        yield under_way


def ask(asked: Asked, provider: str | None = None) -> Deed:
    provider_id = asked.provider(provider) if provider else None
    return partial(by_hand.ask, request_id=REQUEST, seen=asked.seen(), provider_id=provider_id)


def test_the_next_is_asked_and_both_hear_of_it(asked: Asked) -> None:
    asked.do(ask(asked))

    heard = asked.hear()
    assert [
        "Una persona de Ayllu vio su pedido" in text and "Sra. Flor" in text for text in heard["maria"]
    ] == [True]
    assert "ya no hace falta" in " ".join(heard["rosa"])
    assert "Maria busca quién cuide a una niña de 2 años" in " ".join(heard["flor"])
    assert [offer.status for offer in asked.offers()] == [OfferStatus.WITHDRAWN, OfferStatus.SENT]


def test_any_of_those_who_fit_may_be_asked(asked: Asked) -> None:
    asked.do(ask(asked, "neli"))
    assert asked.hear()["neli"]
    assert asked.offers()[-1].provider_id == asked.provider("neli")


def test_what_was_done_once_is_not_done_again(asked: Asked) -> None:
    deed = ask(asked)
    asked.do(deed)
    with pytest.raises(NotDone) as refused:
        asked.do(deed)
    assert refused.value.why is Why.CHANGED
    asked.hear()
    assert len(asked.offers()) == 2


def test_nobody_is_asked_twice_for_one_request(asked: Asked) -> None:
    with pytest.raises(NotDone) as refused:
        asked.do(ask(asked, "rosa"))
    assert refused.value.why is Why.GONE
    assert [offer.status for offer in asked.offers()] == [OfferStatus.SENT]


def test_where_nobody_is_left_nothing_is_taken_back(asked: Asked) -> None:
    asked.do(ask(asked))
    asked.do(ask(asked), cause="by-hand:2")
    with pytest.raises(NotDone) as refused:
        asked.do(ask(asked), cause="by-hand:3")
    assert refused.value.why is Why.NOBODY
    assert [offer.status for offer in asked.offers()][-1] in care_requests.UNANSWERED


def test_a_request_that_came_to_its_end_begins_again_and_may_end_again(asked: Asked, tmp_path: Path) -> None:
    for number in (ROSA, FLOR, NELI):
        asked.town.ask(number, "sms", "no puedo")
        asked.town.settle()
    assert asked.status() is RequestStatus.EXHAUSTED
    asked.hear()
    lucha = CARER | {"name": "Sra. Lucha", "phone": "+51900000024", "lat": "-11.92", "lon": "-77.03"}
    put_on_file(asked.services, {"lucha": lucha}, tmp_path / "more.csv", MONDAY)

    asked.do(ask(asked, "lucha"))

    assert asked.status() is RequestStatus.OPEN
    asked.town.settle()
    asked.town.ask("+51900000024", "sms", "no puedo")
    asked.town.settle()
    assert asked.status() is RequestStatus.EXHAUSTED
    with asked.services.store.begin() as tx:
        assert [case.reason for case in cases.list_open(tx)] == ["no_match", "no_match"]
        assert {case.data["request"] for case in cases.list_open(tx)} == {REQUEST}


def test_the_number_of_tries_is_no_limit_for_a_person(asked: Asked) -> None:
    settings = asked.services.settings.model_copy(update={"offer_tries": 1})
    asked.services = Services(
        settings, *(getattr(asked.services, name) for name in list(Services.__dataclass_fields__)[1:])
    )
    asked.do(ask(asked))
    assert len(asked.offers()) == 2


def test_of_two_requests_of_one_parent_only_one_is_asked_for(asked: Asked) -> None:
    for number in (ROSA, FLOR, NELI):
        asked.town.ask(number, "sms", "no puedo")
        asked.town.settle()
    deed = ask(asked)
    with asked.services.store.begin() as tx:
        request = care_requests.lock(tx, REQUEST)
        care_requests.add(tx, request.contact_id, "another", request.data, datetime.now(UTC))
    with pytest.raises(NotDone) as refused:
        asked.do(deed)
    assert refused.value.why is Why.ANOTHER


def test_a_request_is_cancelled_with_a_kind_word_to_both(asked: Asked) -> None:
    asked.do(partial(by_hand.cancel, request_id=REQUEST, seen=asked.seen()))

    heard = asked.hear()
    assert "Una persona de Ayllu cerró su pedido" in " ".join(heard["maria"])
    assert "Gracias por su tiempo" in " ".join(heard["rosa"])
    assert asked.status() is RequestStatus.CANCELLED


def test_cancelling_what_was_agreed_frees_the_place(asked: Asked) -> None:
    asked.town.ask(ROSA, "sms", "si")
    asked.hear()
    assert places(asked, "rosa") == 0

    asked.do(partial(by_hand.cancel, request_id=REQUEST, seen=asked.seen()))

    assert places(asked, "rosa") == 1
    assert "Maria cancelo: una niña de 2 años" in " ".join(asked.hear()["rosa"])


def test_who_found_care_elsewhere_is_asked_for_no_more(asked: Asked) -> None:
    asked.do(partial(by_hand.settled_elsewhere, request_id=REQUEST, seen=asked.seen()))

    heard = asked.hear()
    assert "Qué bueno que ya tiene quién cuide" in " ".join(heard["maria"])
    assert heard["rosa"]
    assert asked.status() is RequestStatus.ELSEWHERE
    assert "Sra. Rosa" not in " ".join(asked.town.ask(MARIA, "whatsapp", "ya le respondieron?"))


def test_what_a_provider_said_on_the_phone_counts_as_if_written(asked: Asked) -> None:
    (offer,) = asked.offers()
    asked.do(partial(by_hand.provider_answered, offer=offer, seen=asked.seen(), yes=True), ROSA)

    heard = asked.hear()
    assert "900 000 011" in " ".join(heard["rosa"])
    assert "900 000 021" in " ".join(heard["maria"])
    assert asked.status() is RequestStatus.AGREED
    assert places(asked, "rosa") == 0


def test_a_no_on_the_phone_goes_on_to_the_next(asked: Asked) -> None:
    (offer,) = asked.offers()
    asked.do(partial(by_hand.provider_answered, offer=offer, seen=asked.seen(), yes=False), ROSA)
    assert asked.hear()["flor"]
    assert [offer.status for offer in asked.offers()] == [OfferStatus.DECLINED, OfferStatus.SENT]


@pytest.mark.parametrize("yes", [True, False])
def test_what_a_parent_said_of_a_condition_counts_as_if_written(asked: Asked, yes: bool) -> None:
    asked.town.ask(ROSA, "sms", "si pero solo hasta las 4")
    asked.hear()
    (offer,) = asked.offers()
    asked.do(partial(by_hand.parent_answered, offer=offer, seen=asked.seen(), yes=yes))

    heard = asked.hear()
    assert asked.status() is (RequestStatus.AGREED if yes else RequestStatus.OPEN)
    assert ("900 000 021" in " ".join(heard["maria"])) is yes
    assert bool(heard["flor"]) is not yes


def test_what_is_settled_is_not_touched(asked: Asked) -> None:
    asked.do(partial(by_hand.cancel, request_id=REQUEST, seen=asked.seen()))
    (offer,) = asked.offers()
    for deed in (
        partial(by_hand.cancel, request_id=REQUEST, seen=asked.seen()),
        partial(by_hand.settled_elsewhere, request_id=REQUEST, seen=asked.seen()),
        partial(by_hand.provider_answered, offer=offer, seen=asked.seen(), yes=True),
        partial(by_hand.parent_answered, offer=offer, seen=asked.seen(), yes=True),
        ask(asked),
    ):
        with pytest.raises(NotDone) as refused:
            asked.do(deed)
        assert refused.value.why is Why.SETTLED


def test_who_wants_no_messages_hears_nothing_of_it(asked: Asked) -> None:
    with asked.services.store.begin() as tx:
        contacts.set_opted_out(tx, care_requests.parent_of(tx, REQUEST) or 0, datetime.now(UTC))
    asked.do(partial(by_hand.cancel, request_id=REQUEST, seen=asked.seen()))
    assert asked.hear()["maria"] == []
    assert asked.status() is RequestStatus.CANCELLED


def test_at_night_a_provider_is_asked_in_the_morning(asked: Asked) -> None:
    asked.clock.move_to(MONDAY.replace(hour=22))
    asked.do(ask(asked))
    heard = asked.hear()
    assert (heard["flor"], heard["rosa"]) == ([], [])
    assert "mañana a las 7am" in " ".join(heard["maria"])


def test_a_search_is_made_again_for_whom_there_was_nobody(
    services: Services, carrier: LocalCarrier, tmp_path: Path
) -> None:
    with at(MONDAY):
        town = Town(services, carrier)
        (said,) = town.ask(
            MARIA,
            "whatsapp",
            "busco quien cuide a mi hijita de 2 años en collique de lunes a viernes de 7 a 5",
        )
        assert "Sra. Rosa" not in said
        put_on_file(services, {"rosa": CARERS["rosa"]}, tmp_path / "providers.csv", MONDAY)
        work, now = Work(), datetime.now(UTC)
        with services.store.begin() as tx:
            person = contacts.lock(tx, contacts.arrive(tx, MARIA, None, now))
            pipeline.by_hand(services, tx, person, lambda _: by_hand.look_again(), "by-hand:1", now, work)
        work.push(services.jobs)
        town.settle()
        first, list_ = town.heard(MARIA, "whatsapp")
        assert "novedades" in first
        assert "1. Sra. Rosa" in list_.replace("*", "")


def places(asked: Asked, provider: str) -> int:
    with asked.services.store.begin() as tx:
        return providers.places_left(tx, asked.provider(provider))
