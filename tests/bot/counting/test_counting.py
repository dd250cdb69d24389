"""What happens to families and messages is counted once, in cells in which nobody is, and stays when they go."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from bot import jobs
from bot.channels.prices import Prices
from bot.counting import counting, traffic
from bot.counting.families import UNMET, Step
from bot.messages import Channel, JobKind
from bot.services import Services
from bot.store import contacts, inbox, retention, searches, tallies
from bot.store.tables import Counted, MessageStatus, MessageTally, Outbound, Search, Tally
from bot.weeks import WEEK, begins, quarter_of, week_of
from nlp.schema import Intent, Parse
from tests.support.carrier import LocalCarrier
from tests.support.lives import AFTER, ILDEFONSA, WEDNESDAY, ZORAIDA, live
from tests.support.phone import Town, at
from workers import context, retention_job, tally_job
from workers.main import RETURNING, work

COLLIQUE = "150110"


def tallied(services: Services) -> Counter[tuple[str, str, str]]:
    """Families by ubigeo, age and what became of them."""
    with services.store.begin() as tx:
        rows = tx.session.execute(select(Tally.ubigeo, Tally.age, Tally.what, Tally.families)).all()
    found: Counter[tuple[str, str, str]] = Counter()
    for ubigeo, age, what, families in rows:
        assert families >= 0
        found[ubigeo, age, what] += families
    return +found


def of_steps(found: Counter[tuple[str, str, str]]) -> dict[str, int]:
    return {step: sum(n for (_, _, what), n in found.items() if what == step) for step in Step}


def ask(services: Services, number: str, at_: datetime = WEDNESDAY, channel: Channel = Channel.SMS) -> int:
    """Somebody asks for care, and is understood."""
    with services.store.begin() as tx:
        contact_id = contacts.arrive(tx, number, channel, at_)
        inbox.add(tx, f"SM{number}{at_:%j%H%M%S}", contact_id, channel, {"Body": "busco cuna"}, at_)
        (message,) = inbox.waiting(tx, contact_id)
        inbox.handled(tx, message.id, Parse("busco cuna", Intent.FIND_CHILDCARE, 0.9), at_)
    return contact_id


@pytest.fixture
def counted_life(services: Services, carrier: LocalCarrier, tmp_path: Path) -> Services:
    with at(WEDNESDAY) as clock:
        live(Town(services, carrier), clock, tmp_path)
        tally_job.tally()
    return services


def test_a_whole_life_is_counted_to_its_end(counted_life: Services) -> None:
    found = tallied(counted_life)
    assert of_steps(found) == dict.fromkeys(Step, 1)
    assert {(ubigeo, age) for ubigeo, age, _ in found} == {(COLLIQUE, "1")}
    assert sum(n for (_, _, what), n in found.items() if what.startswith("wait:")) == 1
    assert not any(what == UNMET for _, _, what in found)


def test_counting_again_changes_nothing(counted_life: Services) -> None:
    before = tallied(counted_life)
    with at(AFTER):
        tally_job.tally()
        tally_job.tally()
    assert tallied(counted_life) == before


def test_messages_are_counted_by_week_region_and_channel(counted_life: Services) -> None:
    with counted_life.store.begin() as tx:
        rows = tx.session.scalars(select(MessageTally)).all()
        left = tx.session.scalar(select(func.count()).select_from(Outbound))
    by_way = Counter[tuple[str, str]]()
    for row in rows:
        by_way[row.region, row.channel] += row.messages if row.status != "received" else 0
        assert 0 < row.people <= row.messages
    assert sum(by_way.values()) == left
    assert by_way["15", "whatsapp"]
    assert by_way["15", "sms"]
    sms = next(row for row in rows if (row.channel, row.status) == ("sms", "delivered"))
    assert sms.segments >= sms.messages
    assert sms.cost_micros == sms.segments * 75_000
    whatsapp = next(
        row for row in rows if (row.channel, row.status, row.region) == ("whatsapp", "delivered", "15")
    )
    assert whatsapp.cost_micros == whatsapp.replies * 5_000 + (whatsapp.messages - whatsapp.replies) * 25_000


def test_the_price_of_messages_does_not_tell_how_many_failed(counted_life: Services) -> None:
    week = week_of(WEDNESDAY)

    def cost_where_all_are(status: MessageStatus) -> dict[tuple[str, str], int]:
        """By region and channel."""
        with counted_life.store.begin() as tx:
            tx.session.execute(update(Outbound).values(status=status.value))
            traffic.count_week(tx, week, Prices())
            left = [row for row in tallies.traffic(tx, week, week + WEEK) if row.status != "received"]
            return {(row.region, row.channel): row.cost_micros for row in left}

    arrived = cost_where_all_are(MessageStatus.DELIVERED)
    assert arrived["15", "whatsapp"]
    assert arrived["15", "sms"]
    assert cost_where_all_are(MessageStatus.FAILED) == arrived
    assert set(cost_where_all_are(MessageStatus.QUEUED).values()) == {0}


def test_weeks_that_were_left_over_are_counted_from_the_oldest_on(
    services: Services, carrier: LocalCarrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else those of the month would be missing that use up its free replies."""
    with at(WEDNESDAY - timedelta(days=14)) as clock:
        town = Town(services, carrier)
        town.ask("+51900000051", "whatsapp", "hola")
        clock.move_to(WEDNESDAY)
        town.ask("+51900000051", "whatsapp", "hola")
        with services.store.begin() as tx:
            before = begins(week_of(WEDNESDAY))
            free = sum(one.replies for one in tallies.sent(tx, before - timedelta(days=30), before))
        monkeypatch.setattr(tally_job, "Prices", lambda: Prices(whatsapp_service_free_a_month=free))
        tally_job.tally()
    with services.store.begin() as tx:
        first, last = (
            tallies.traffic(tx, week, week + WEEK)
            for week in (week_of(WEDNESDAY) - 2 * WEEK, week_of(WEDNESDAY))
        )
    replied = [(row.cost_micros, row.replies) for row in (*first, *last) if row.replies]
    assert free == replied[0][1] > 0
    assert [cost / replies for cost, replies in replied] == [5_000, 25_000]


def test_counting_ends_before_its_job_is_cut_off() -> None:
    longest_s = tally_job.AT_MOST_S + 2 * tallies.LONGER_MS / 1000
    assert longest_s < jobs.JOB_TIMEOUT_S


def test_a_search_that_cannot_be_read_holds_nobody_up_and_the_log_says_which(
    services: Services, carrier: LocalCarrier, caplog: pytest.LogCaptureFixture
) -> None:
    context.use(services)
    first = ask(services, "+51900000061")
    ask(services, "+51900000062")
    with services.store.begin() as tx:
        pointless, sealed = (
            searches.add(tx, first, cause, JobKind.FIND_CARE, {"query": {"note": "xilofono"}}, WEDNESDAY)
            for cause in ("one", "two")
        )
        tx.session.execute(update(Search).where(Search.id == sealed).values(data_sealed=b"xilofono"))
    with at(AFTER):
        tally_job.tally()
    assert tallied(services) == {("", "", "asked"): 2}
    assert f"search {pointless} is about no point" in caplog.text
    assert f"search {sealed} cannot be opened" in caplog.text
    assert "xilofono" not in caplog.text


def test_the_question_before_a_request_is_known_though_it_is_of_the_quarter_before(
    services: Services, carrier: LocalCarrier
) -> None:
    october = begins(week_of(datetime(2026, 10, 7, tzinfo=UTC)))
    times = [october - timedelta(days=days) for days in (40, 20, 1)]
    for moment in times:
        person = ask(services, "+51900000061", moment)
    with services.store.begin() as tx:
        for moment in times:
            searches.add(
                tx, person, f"{moment}", JobKind.FIND_CARE, {"query": {"point": [-11.9, -77.0]}}, moment
            )
        known = counting.known_of(tx, services.places, [person], october)[person]
    assert list(known.asked) == times[1:]
    assert [one.at for one in known.searches] == times[1:]


def test_who_asked_moves_on_when_more_is_known(services: Services, carrier: LocalCarrier) -> None:
    with at(WEDNESDAY) as clock:
        town = Town(services, carrier)
        town.ask("+51900000051", "whatsapp", "busco quien cuide a mi bebe de 1 año")
        tally_job.tally()
        assert tallied(services) == {("", "", "asked"): 1}
        clock.shift(timedelta(minutes=5))
        town.ask("+51900000051", "whatsapp", "en collique, de lunes a viernes de 8 a 5")
        tally_job.tally()
    found = tallied(services)
    assert found == {
        (COLLIQUE, "1", "asked"): 1,
        (COLLIQUE, "1", "understood"): 1,
        (COLLIQUE, "1", UNMET): 1,
    }


def test_many_families_count_in_one_cell(services: Services, carrier: LocalCarrier) -> None:
    context.use(services)
    for number in range(7):
        ask(services, f"+5190000006{number}")
    with at(AFTER):
        tally_job.tally()
    assert tallied(services) == {("", "", "asked"): 7}
    with services.store.begin() as tx:
        quarter = quarter_of(week_of(WEDNESDAY))
        assert tallies.quarters(tx) == [quarter]
        assert tallies.by_week(tx, quarter) == [(week_of(WEDNESDAY), "", "asked", 7)]


def test_the_first_look_goes_back_and_comes_to_today_in_parts(
    services: Services, carrier: LocalCarrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    context.use(services)
    ask(services, "+51900000061", WEDNESDAY - timedelta(days=100))
    ask(services, "+51900000062", WEDNESDAY)
    with at(AFTER):
        monkeypatch.setattr(tally_job, "AT_MOST_S", -1)
        tally_job.tally()
        assert not tallied(services)
        monkeypatch.setattr(tally_job, "AT_MOST_S", 30)
        tally_job.tally()
    assert of_steps(tallied(services))[Step.ASKED] == 2


def test_what_is_taken_in_at_once_is_little_when_much_happened() -> None:
    quiet = counting.SHORTEST
    for _ in range(9):
        quiet = counting.next_slice(quiet, 0)
    assert quiet == counting.LONGEST
    assert counting.next_slice(timedelta(days=1), 500) == timedelta(days=1)
    busy = quiet
    for _ in range(20):
        busy = counting.next_slice(busy, 5000)
    assert busy == counting.SHORTEST


def test_who_is_erased_leaves_a_count_and_nothing_else(counted_life: Services, carrier: LocalCarrier) -> None:
    before = tallied(counted_life)
    with at(AFTER) as clock:
        town = Town(counted_life, carrier)
        town.ask(ZORAIDA, "whatsapp", "borren mis datos")
        town.ask(ZORAIDA, "whatsapp", "si")
        town.pass_time(clock, datetime.now(UTC) + timedelta(days=2))
        tally_job.tally()
    with counted_life.store.begin() as tx:
        assert tx.session.scalar(select(func.count()).select_from(Counted)) == 0
    assert tallied(counted_life) == before


def test_how_somebody_was_counted_is_deleted_for_its_age_and_the_count_stays(counted_life: Services) -> None:
    before = tallied(counted_life)
    with at(AFTER + timedelta(days=34 + counted_life.settings.keep_messages_days)):
        retention_job.retain()
    with counted_life.store.begin() as tx:
        assert tx.session.scalar(select(func.count()).select_from(Counted)) == 0
    assert tallied(counted_life) == before


def test_who_is_erased_and_asks_again_in_the_quarter_counts_again(
    services: Services, carrier: LocalCarrier
) -> None:
    context.use(services)
    first = ask(services, "+51900000061")
    with at(AFTER):
        tally_job.tally()
        with services.store.begin() as tx:
            contacts.delete_all(tx, first)
    ask(services, "+51900000061", AFTER + timedelta(days=2))
    with at(AFTER + timedelta(days=3)):
        tally_job.tally()
    assert of_steps(tallied(services))[Step.ASKED] == 2


def test_how_somebody_was_counted_stays_while_their_quarter_is_counted_anew(counted_life: Services) -> None:
    """However short messages are kept: they would be counted twice."""
    delete, ended = retention.DELETIONS["counted families"], datetime(2027, 1, 1, tzinfo=UTC)
    gone = {}
    for days in (60, 99, 101):
        now = ended + timedelta(days=days)
        with at(now), counted_life.store.begin() as tx:
            gone[days] = delete(tx, now - timedelta(days=7), 10)
    assert gone == {60: 0, 99: 0, 101: 1}


def test_providers_are_no_families(counted_life: Services) -> None:
    with counted_life.store.begin() as tx:
        provider = contacts.arrive(tx, ILDEFONSA, Channel.SMS, AFTER)
        assert not tallies.counted(tx, [provider])


def test_two_at_a_time_count_nothing_twice(services: Services, carrier: LocalCarrier) -> None:
    context.use(services)
    ask(services, "+51900000061")
    with at(AFTER), services.store.begin() as tx:
        assert tallies.alone(tx)
        tally_job.tally()
    assert not tallied(services)


def test_the_scheduler_brings_it_about(services: Services, carrier: LocalCarrier) -> None:
    assert RETURNING[jobs.TALLY] <= 3600
    context.use(services)
    ask(services, "+51900000061", datetime.now(UTC) - timedelta(hours=1))
    services.jobs.push(jobs.TALLY)
    work(burst=True)
    assert of_steps(tallied(services))[Step.ASKED] == 1
