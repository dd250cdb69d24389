"""Messages are laid out to be labelled: a fair sample and the unsure ones, told without who wrote them; and what people
say comes back as training rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select, update

from bot import jobs, labelling
from bot.labelling import SAMPLE_A_WEEK, labelled_rows, lay_out, settled
from bot.messages import Channel
from bot.services import Services
from bot.store import Tx, contacts, inbox, labels
from bot.store.labels import Opinion, Pile, Verdict
from bot.store.tables import Inbound, Label, ToLabel
from bot.weeks import LIMA
from nlp.features import Span
from nlp.schema import Intent, Parse, Slot, SlotName
from nlp.training.rows import read_all
from tests.support.carrier import LocalCarrier
from tests.support.lives import AFTER, ILDEFONSA, THEIRS, WEDNESDAY, ZORAIDA, live
from tests.support.phone import Town, at
from workers import context, label_job, retention_job
from workers.main import RETURNING, work

FRIDAY = datetime(2026, 11, 27, 15, 0, tzinfo=LIMA)
ONE, TWO, THREE = 11, 12, 13
"""Operators."""


@pytest.fixture
def tx(services: Services) -> Iterator[Tx]:
    with at(FRIDAY), services.store.begin() as tx:
        yield tx


_sids = iter(range(10**6))


def write(
    tx: Tx,
    text: str,
    confidence: float = 0.9,
    at_: datetime = FRIDAY - timedelta(hours=1),
    number: str = "+51900000001",
    intent: Intent = Intent.INFORM,
    slots: tuple[Slot, ...] = (),
) -> int:
    contact_id = contacts.arrive(tx, number, Channel.SMS, at_)
    inbox.add(tx, f"SM{next(_sids)}", contact_id, Channel.SMS, {"Body": text}, at_)
    message = inbox.waiting(tx, contact_id)[-1]
    inbox.handled(tx, message.id, Parse(text, intent, confidence, slots), at_)
    return contact_id


def piles(tx: Tx) -> Counter[bool]:
    return Counter(tx.session.scalars(select(ToLabel.sampled)))


def texts(tx: Tx) -> list[str]:
    return [tx.vault.open(sealed) for sealed in tx.session.scalars(select(ToLabel.text_sealed))]


def say(tx: Tx, item_id: int, operator_id: int, intent: Intent | None = Intent.INFORM, *spans: Span) -> None:
    verdict = Verdict.LABELLED if intent else Verdict.UNCLEAR
    assert labels.save(tx, item_id, Opinion(operator_id, verdict, intent, spans), FRIDAY)


def test_in_a_small_week_all_messages_are_in_the_sample_however_sure_the_model_was(tx: Tx) -> None:
    for number in range(8):
        write(tx, f"mensaje {number}", confidence=number / 8)
    assert lay_out(tx, FRIDAY, Random(1)) == 8
    assert piles(tx) == {True: 8}


def test_laying_out_again_lays_nothing_out_twice(tx: Tx) -> None:
    write(tx, "uno")
    lay_out(tx, FRIDAY, Random(1))
    write(tx, "dos")
    assert lay_out(tx, FRIDAY, Random(1)) == 1
    assert sorted(texts(tx)) == ["dos", "uno"]


def busy_week_before(tx: Tx, messages: int) -> None:
    contact_id = write(tx, "la semana pasada", at_=FRIDAY - timedelta(days=7))
    tx.session.execute(
        Inbound.__table__.insert(),  # type: ignore[attr-defined]
        [
            {
                "sid": f"SMlast{number}",
                "contact_id": contact_id,
                "channel": "sms",
                "form_sealed": b"",
                "received_at": FRIDAY - timedelta(days=7),
                "handled_at": FRIDAY - timedelta(days=7),
                "intent": "inform",
            }
            for number in range(messages)
        ],
    )


def test_of_many_messages_about_a_hundred_a_week_are_drawn_whatever_they_say(tx: Tx) -> None:
    busy_week_before(tx, 10 * SAMPLE_A_WEEK)
    for number in range(1000):
        write(tx, f"seguro {number}" if number % 2 else f"dudoso {number}", 0.95 if number % 2 else 0.55)
    lay_out(tx, FRIDAY, Random(1))
    drawn = [text for text in texts(tx) if "semana" not in text]
    assert 70 < len(drawn) < 135
    sure = sum("seguro" in text for text in drawn)
    assert 0.33 < sure / len(drawn) < 0.67


def test_what_was_read_unsurely_is_laid_out_beside_the_sample_the_least_sure_first(
    tx: Tx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labelling, "SAMPLE_A_WEEK", 0)
    monkeypatch.setattr(labelling, "UNSURE_A_WEEK", 2)
    for text, confidence in (("a", 0.4), ("b", 0.1), ("c", 0.2), ("d", 0.51)):
        write(tx, text, confidence)
    lay_out(tx, FRIDAY, Random(1))
    assert sorted(texts(tx)) == ["b", "c"]
    assert piles(tx) == {False: 2}


def test_the_same_words_are_laid_out_once_as_unsure(tx: Tx, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labelling, "SAMPLE_A_WEEK", 0)
    for text in ("hola???", "Hola", "otra cosa"):
        write(tx, text, 0.2)
    lay_out(tx, FRIDAY, Random(1))
    write(tx, "hola", 0.2)
    lay_out(tx, FRIDAY, Random(1))
    assert len(texts(tx)) == 2


def test_what_was_unsure_and_is_drawn_afterwards_belongs_to_the_sample(
    tx: Tx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labelling, "SAMPLE_A_WEEK", 0)
    write(tx, "dudoso", 0.2)
    lay_out(tx, FRIDAY, Random(1))
    monkeypatch.setattr(labelling, "SAMPLE_A_WEEK", 100)
    lay_out(tx, FRIDAY, Random(1))
    assert piles(tx) == {True: 1}


def test_nobody_is_named_in_what_is_laid_out_and_slots_keep_their_words(tx: Tx) -> None:
    text = "soy Yesica 987654321,\nen  comas [ya]"
    write(tx, text, slots=(Slot(SlotName.LOCATION, "comas", 26, 31, {"ubigeo": "150110"}),))
    lay_out(tx, FRIDAY, Random(1))
    item = labels.next_for(tx, ONE, 0.5)
    assert item is not None
    assert "Yesica" not in item.shown.text
    assert "987" not in item.shown.text
    assert item.shown.text.endswith(", en comas (ya)")
    (span,) = item.shown.spans
    assert item.shown.text[span.start : span.end] == "comas"


def test_rare_names_of_people_who_deal_with_each_other_are_gone(
    services: Services, carrier: LocalCarrier, tmp_path: Path
) -> None:
    """No list has them: they are known from what was agreed."""
    with at(WEDNESDAY) as clock:
        town = Town(services, carrier)
        live(town, clock, tmp_path)
        clock.shift(timedelta(hours=1))
        town.ask(ZORAIDA, "whatsapp", "la ildefonsa llega tarde siempre pues")
        town.ask(ILDEFONSA, "sms", "digale a zoraida que mañana si puedo")
        label_job.lay_out()
    with services.store.begin() as tx:
        laid = " ".join(texts(tx)).lower()
    assert "llega tarde siempre" in laid
    assert "ildefonsa" not in laid
    assert "zoraida" not in laid


def test_an_operator_is_shown_each_message_once_and_two_see_those_that_two_shall_see(tx: Tx) -> None:
    for number in range(3):
        write(tx, f"mensaje {number}")
    lay_out(tx, FRIDAY, Random(1))
    tx.session.execute(update(ToLabel).values(wanted=1))
    first = labels.next_for(tx, ONE, 0.5)
    assert first is not None
    tx.session.execute(update(ToLabel).where(ToLabel.id == first.id).values(wanted=2))
    say(tx, first.id, ONE)
    second = labels.next_for(tx, ONE, 0.5)
    assert second is not None
    assert second.id != first.id
    for_two = labels.next_for(tx, TWO, 0.5)
    assert for_two is not None
    assert for_two.id == first.id
    say(tx, second.id, ONE)
    say(tx, first.id, TWO)
    assert labels.left(tx, ONE, 0.5) == labels.left(tx, TWO, 0.5) == labels.Left(1, 1, 0)


def test_an_unsure_message_of_the_sample_is_on_both_piles(tx: Tx) -> None:
    write(tx, "dudoso", 0.2)
    write(tx, "seguro", 0.9)
    lay_out(tx, FRIDAY, Random(1))
    assert labels.left(tx, ONE, 0.5) == labels.Left(all=2, sample=2, unsure=1)
    unsure = labels.next_for(tx, ONE, 0.5, Pile.UNSURE)
    assert unsure is not None
    assert unsure.shown.text == "dudoso"


def test_what_is_skipped_stays_for_others(tx: Tx) -> None:
    write(tx, "uno")
    lay_out(tx, FRIDAY, Random(1))
    item = labels.next_for(tx, ONE, 0.5)
    assert item is not None
    labels.save(tx, item.id, Opinion(ONE, Verdict.SKIPPED), FRIDAY)
    assert labels.next_for(tx, ONE, 0.5) is None
    assert labels.next_for(tx, TWO, 0.5) is not None
    assert labels.skips(tx, FRIDAY - timedelta(days=7), FRIDAY) == 1


def test_where_two_disagree_a_third_is_asked_and_most_of_them_settle_it(tx: Tx) -> None:
    write(tx, "uno")
    lay_out(tx, FRIDAY, Random(1))
    tx.session.execute(update(ToLabel).values(wanted=2))
    item = labels.next_for(tx, ONE, 0.5)
    assert item is not None
    say(tx, item.id, ONE, Intent.HELP)
    say(tx, item.id, TWO, Intent.INFORM)
    (reading,) = labels.readings(tx, FRIDAY - timedelta(days=1), FRIDAY)
    assert settled(reading.opinions) is None
    assert labelled_rows(tx, FRIDAY) == ""
    assert labels.next_for(tx, THREE, 0.5) is not None
    say(tx, item.id, THREE, Intent.INFORM)
    assert labels.next_for(tx, 14, 0.5) is None
    assert "inform\tuno\n" in labelled_rows(tx, FRIDAY)


def test_what_was_said_can_be_put_right(tx: Tx) -> None:
    write(tx, "uno")
    lay_out(tx, FRIDAY, Random(1))
    item = labels.next_for(tx, ONE, 0.5)
    assert item is not None
    say(tx, item.id, ONE, Intent.HELP)
    say(tx, item.id, ONE, Intent.GREET)
    assert "greet\tuno" in labelled_rows(tx, FRIDAY)
    assert tx.session.scalar(select(func.count()).select_from(Label)) == 1


def test_labels_come_out_as_rows_that_training_reads(tx: Tx, tmp_path: Path) -> None:
    write(tx, "busco cuna en comas", slots=(Slot(SlotName.LOCATION, "cuna", 6, 10, None),))
    write(tx, "no se que dice")
    write(tx, "BUSCO CUNA EN COMAS!", number="+51900000002")
    lay_out(tx, FRIDAY, Random(1))
    meant = (Span("care_type", 6, 10), Span("location", 14, 19))
    while (item := labels.next_for(tx, ONE, 0.5)) is not None:
        if "cuna" in item.shown.text.lower():
            say(tx, item.id, ONE, Intent.FIND_CHILDCARE, *meant)
        else:
            say(tx, item.id, ONE, None)
    file = tmp_path / "labelled.txt"
    file.write_text(labelled_rows(tx, FRIDAY), encoding="utf-8")
    (row,) = read_all([file])
    assert row.intent is Intent.FIND_CHILDCARE
    assert [(slot.slot, slot.text.lower()) for slot in row.slots] == [
        (SlotName.CARE_TYPE, "cuna"),
        (SlotName.LOCATION, "comas"),
    ]
    assert row.meta["writer"] == "people"


def test_with_its_age_the_text_goes_and_what_was_right_or_wrong_stays_of_nobody(
    services: Services, carrier: LocalCarrier
) -> None:
    context.use(services)
    with at(FRIDAY), services.store.begin() as tx:
        write(tx, "uno")
        write(tx, "dos", number="+51900000002")
        lay_out(tx, FRIDAY, Random(1))
        item = labels.next_for(tx, ONE, 0.5)
        assert item is not None
        say(tx, item.id, ONE, Intent.HELP)
    with at(FRIDAY + timedelta(days=services.settings.keep_messages_days + 1)):
        retention_job.retain()
        retention_job.retain()
    with services.store.begin() as tx:
        (row,) = tx.session.scalars(select(ToLabel)).all()
        assert (row.text_sealed, row.contact_id, row.inbound_id) == (b"", None, None)
        (reading,) = labels.readings(tx, FRIDAY - timedelta(days=1), FRIDAY)
        assert (reading.intent, reading.opinions[0].intent) == (Intent.INFORM, Intent.HELP)
        assert labels.item(tx, row.id) is None
        assert labelled_rows(tx, FRIDAY) == ""
        assert labels.next_for(tx, TWO, 0.5) is None
        assert not labels.save(tx, row.id, Opinion(TWO, Verdict.UNCLEAR), FRIDAY)


def test_who_is_erased_takes_what_they_wrote_along(
    services: Services, carrier: LocalCarrier, tmp_path: Path
) -> None:
    with at(WEDNESDAY) as clock:
        town = Town(services, carrier)
        live(town, clock, tmp_path)
        with services.store.begin() as tx:
            hers = contacts.arrive(tx, ILDEFONSA, Channel.SMS, AFTER)
            assert tx.session.scalar(select(func.count()).where(ToLabel.contact_id == hers))
        town.ask(ILDEFONSA, "sms", "borren mis datos")
        town.ask(ILDEFONSA, "sms", "si")
        with services.store.begin() as tx:
            assert not tx.session.scalar(select(func.count()).where(ToLabel.contact_id == hers))
            assert tx.session.scalar(select(func.count()).select_from(Label))
            laid = " ".join(texts(tx))
    assert [word for word in THEIRS if word.lower() in laid.lower()] == []


def test_the_scheduler_brings_it_about(services: Services, carrier: LocalCarrier) -> None:
    assert RETURNING[jobs.LAY_OUT] <= 600
    context.use(services)
    now = datetime.now(UTC)
    with services.store.begin() as tx:
        write(tx, "uno", at_=now - timedelta(minutes=1))
    services.jobs.push(jobs.LAY_OUT)
    work(burst=True)
    with services.store.begin() as tx:
        assert texts(tx) == ["uno"]
