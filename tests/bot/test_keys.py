"""A new SECRET_KEY takes the place of a former one: nothing is lost, nobody is a stranger, and the former may go."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import LargeBinary, func, select, update

from bot import cli
from bot.messages import Channel
from bot.services import Services
from bot.store import Store, contacts, keys, own_files, providers
from bot.store.crypto import Vault, VaultError
from bot.store.tables import Base, Contact, Conversation, Outbound, Provider
from tests.support.carrier import LocalCarrier
from tests.support.lives import CHIP, FLOR, ILDEFONSA, LUCIA, WEDNESDAY, ZORAIDA, Found, live, read_all
from tests.support.phone import Town, at

NEW = "another secret, that has never been told"
NEVER_EMPTY = [
    (table.name, column.name)
    for table in Base.metadata.sorted_tables
    for column in table.columns
    if column.name.endswith((keys.SEALED, keys.KEY)) and isinstance(column.type, LargeBinary)
]


def the_former(services: Services) -> str:
    return services.settings.secret_key.get_secret_value()


@pytest.fixture
def with_both(services: Services) -> Iterator[Store]:
    store = Store(services.settings.database_url, NEW, 4, [the_former(services)])
    yield store
    store.close()


@pytest.fixture
def with_new(services: Services) -> Iterator[Store]:
    store = Store(services.settings.database_url, NEW, 4)
    yield store
    store.close()


@pytest.fixture
def two_lives(services: Services, carrier: LocalCarrier, tmp_path: Path) -> None:
    with at(WEDNESDAY) as clock:
        live(Town(services, carrier), clock, tmp_path)


def opened(store: Store) -> list[str]:
    return sorted(str(found) for found in read_all(store) if found.column.endswith(keys.SEALED))


def test_every_column_of_bytes_is_sealed_or_the_key_of_what_is_sealed_beside_it() -> None:
    """Or the hash of something long and random, which no secret could make safer."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, LargeBinary):
                assert column.name.endswith((keys.SEALED, keys.KEY, "token_hash", "code_hash")), column
    found = keys.kept_under_secrets()
    assert sum(len(kept.sealed) + len(kept.keys) for kept in found) == len(NEVER_EMPTY)


def test_all_is_brought_to_the_new_secret_and_the_former_may_go(
    services: Services, two_lives: None, with_both: Store, with_new: Store
) -> None:
    before = read_all(services.store)
    filled = {(found.table, found.column) for found in before}
    assert [column for column in NEVER_EMPTY if column not in filled] == []
    sealed = opened(services.store)

    renewed = keys.rotate(with_both)

    assert opened(with_new) == sealed
    assert renewed.values == len(sealed)
    assert renewed.keys == sum(found.column.endswith(keys.KEY) for found in before if is_key(found))
    assert keys.rotate(with_both) == keys.Renewed()
    with pytest.raises(VaultError):
        read_all(services.store)


def is_key(found: Found) -> bool:
    return (found.table, found.column) in NEVER_EMPTY


def people(store: Store) -> list[int | None]:
    """Who is found at each address, whether they are known as a provider, and as whose contact the provider is."""
    found: list[int | None] = []
    now = datetime.now(UTC)
    with store.begin() as tx:
        for address in (ZORAIDA, ILDEFONSA, LUCIA, CHIP):
            contact_id = contacts.arrive(tx, address, Channel.SMS, now)
            provider_id = providers.id_of_contact(tx, contact_id)
            found += [contact_id, provider_id, provider_id and providers.contact_of(tx, provider_id)]
    return found


def test_people_are_found_before_meanwhile_and_after(
    services: Services, two_lives: None, with_both: Store, with_new: Store
) -> None:
    known = people(services.store)
    assert people(with_both) == known
    with with_both.begin() as tx:
        keys.renew(tx, ILDEFONSA)
    assert people(with_both) == known
    keys.rotate(with_both)
    assert people(with_both) == people(with_new) == known


def test_who_opts_out_meanwhile_is_not_shown(services: Services, two_lives: None, with_both: Store) -> None:
    """Providers and contacts are joined by their keys, in one table and the other."""
    with with_both.begin() as tx:
        contact_id = contacts.arrive(tx, FLOR, Channel.SMS, datetime.now(UTC))
        flor = providers.id_of_contact(tx, contact_id)
        assert flor is not None
        assert providers.reachable(tx, flor, True, WEDNESDAY)
        contacts.set_opted_out(tx, contact_id, WEDNESDAY)
        assert providers.reachable(tx, flor, True, WEDNESDAY) is None


def test_a_number_given_meanwhile_joins_who_has_it_as_provider(
    services: Services, two_lives: None, with_both: Store
) -> None:
    with with_both.begin() as tx:
        hidden = contacts.lock(tx, contacts.arrive(tx, "PE.77", Channel.WHATSAPP, WEDNESDAY))
        assert contacts.keep_number(tx, hidden, FLOR)
        assert own_files.own_file(tx, hidden.id) is not None


def test_it_may_be_interrupted_and_run_again(
    services: Services, two_lives: None, with_both: Store, with_new: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed, known = opened(services.store), people(services.store)
    monkeypatch.setattr(keys, "BATCH", 2)
    whole = keys._renew_rows
    for batches in (1, 4, 9):
        left = iter(range(batches))

        def some(*of: object, left: Iterator[int] = left) -> keys.Renewed:
            renewed = whole(*of)  # type: ignore[arg-type]
            if next(left, None) is None:
                raise KeyboardInterrupt
            return renewed

        monkeypatch.setattr(keys, "_renew_rows", some)
        with pytest.raises(KeyboardInterrupt):
            keys.rotate(with_both)
        assert opened(with_both) == sealed
        assert people(with_both) == known
    monkeypatch.setattr(keys, "_renew_rows", whole)
    keys.rotate(with_both)
    assert opened(with_new) == sealed


def test_the_bot_goes_on_meanwhile(
    services: Services, two_lives: None, with_both: Store, with_new: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "BATCH", 1)
    rotation = threading.Thread(target=keys.rotate, args=(with_both,))
    rotation.start()
    written = 0
    while rotation.is_alive() or written < 20:
        with with_both.begin() as tx:
            contact_id = contacts.arrive(tx, f"+5190000{written % 7:04}", Channel.SMS, WEDNESDAY)
            contacts.lock(tx, contact_id)
            tx.session.execute(update(Outbound).values(updated_at=func.now()).where(Outbound.contact_id == 1))
        written += 1
    rotation.join()
    read_all(with_new)
    with with_new.begin() as tx:
        assert tx.session.scalar(select(func.count()).select_from(Contact)) == 3 + 7


def test_what_no_secret_opens_is_told_and_nothing_is_lost(
    services: Services, two_lives: None, with_both: Store
) -> None:
    with services.store.begin() as tx:
        lost = Vault("a secret that nobody remembers").seal("lost")
        tx.session.execute(update(Conversation).where(Conversation.contact_id == 1).values(state_sealed=lost))
    with pytest.raises(VaultError, match="SECRET_KEYS_OLD"):
        keys.rotate(with_both)
    with services.store.begin() as tx:
        kept = tx.session.scalar(select(Conversation.state_sealed).where(Conversation.contact_id == 1))
    assert kept == lost


def test_the_command_says_how_much_it_renewed(
    services: Services, two_lives: None, with_new: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", services.settings.database_url)
    monkeypatch.setenv("SECRET_KEY", NEW)
    monkeypatch.setenv("SECRET_KEYS_OLD", json.dumps(["x" * 32, the_former(services)]))
    first = CliRunner().invoke(cli.ayllu, ["keys", "rotate"])
    assert first.exit_code == 0, first.output
    assert "0 sealed values and 0 look-up keys" not in first.output
    assert "0 sealed values and 0 look-up keys" in CliRunner().invoke(cli.ayllu, ["keys", "rotate"]).output
    with with_new.begin() as tx:
        assert tx.session.scalar(select(func.count()).select_from(Provider)) == 2
    read_all(with_new)
