"""Two people's whole way through Ayllu, so that each table and each sealed column holds something of theirs.

Zoraida looks for care, asks, is asked back, agrees to a condition and says how it went; Ildefonsa is the provider who
takes her child. Lucia's WhatsApp hides her number. Names, numbers and words are such as nobody else's are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import time_machine
from sqlalchemy import select

from bot.console.access import Role, second_proof
from bot.console.navigation import NAVIGATION
from bot.store import Store, attention, cases, checks, labels, operators, own_files, uploads
from bot.store.checks import Checker
from bot.store.tables import Base
from bot.store.traces import digits
from bot.takeover import Outcome
from matching.checks import CheckKind
from tests.support.carers import put_on_file
from tests.support.console import log_in
from tests.support.phone import Town
from tests.support.tables import put_rows, rows_of_all
from tests.support.team import Team
from tests.support.transcript import LIMA
from workers import label_job, tally_job

ZORAIDA, ILDEFONSA, FLOR = "+51911222333", "+51944555666", "+51966777888"
LUCIA, CHIP = "PE.13491208655302741918", "+51977888999"
WEDNESDAY = datetime(2026, 11, 25, 10, 0, tzinfo=LIMA)
AFTER = datetime(2026, 11, 28, 10, 5, tzinfo=LIMA)
"""Three days after the first day."""

HERS = ("Zoraida", ZORAIDA, "xilofono", "formula")
"""What Zoraida is called, where she is reached, and rare words that she wrote."""
THEIRS = ("Ildefonsa", ILDEFONSA, "Pasaje Kullkush", "cachorrito")
"""The same of Ildefonsa, and where she lives."""

_CARER = {
    "kind": "home", "district": "Collique", "min_age": "6m", "max_age": "4a", "days": "lun-sab", "opens": "06:00",
    "closes": "18:00", "price": "15", "period": "dia", "places": "2",
}  # fmt: skip
CARERS = {
    "first": _CARER
    | {
        "name": "Sra. Ildefonsa", "phone": ILDEFONSA, "lat": "-11.9155", "lon": "-77.0205",
        "address": "Pasaje Kullkush 9",
    },
    "second": _CARER | {"name": "Sra. Flor", "phone": FLOR, "lat": "-11.9300", "lon": "-77.0300"},
}  # fmt: skip

SAID = [
    (ZORAIDA, "whatsapp", "busco quien cuide a mi bebe de 1 año en collique de lunes a viernes de 8 a 5"),
    (ZORAIDA, "whatsapp", "1"),
    (ZORAIDA, "whatsapp", "si, soy zoraida"),
    (ILDEFONSA, "sms", "toma pecho la bebe? hay un cachorrito"),
    (ZORAIDA, "whatsapp", "toma formula, yo se la mando"),
    (ILDEFONSA, "sms", "si pero solo hasta las 4 por el cachorrito"),
    (ZORAIDA, "whatsapp", "ya esta bien"),
    (LUCIA, "whatsapp", "hola"),
    (LUCIA, "whatsapp", "mi numero es 977 888 999"),
]
SAID_AFTER = [
    (ZORAIDA, "whatsapp", "5"),
    (ZORAIDA, "whatsapp", "muy buena, le enseña el xilofono"),
    (ZORAIDA, "whatsapp", "quiero hablar con una persona"),
    (ILDEFONSA, "sms", "quiero hablar con una persona"),
]


def shown_in(said: str, words: Iterable[str]) -> list[str]:
    """Which of these words and numbers are in it, a number however its digits are written."""
    plain, figures = said.lower(), digits(said)
    return [
        word for word in words if (digits(word) in figures if word.startswith("+") else word.lower() in plain)
    ]


_lived: dict[str, bytes] = {}
"""The rows of every table after it all happened once: it is the same each time."""


def live(town: Town, clock: time_machine.Traveller, folder: Path) -> None:
    """Let it have happened: WEDNESDAY has become AFTER."""
    if not _lived:
        happen(town, clock, folder)
        _lived.update(rows_of_all(town.services))
        return
    clock.move_to(AFTER)
    put_rows(town.services, _lived)


def happen(town: Town, clock: time_machine.Traveller, folder: Path) -> None:
    """Let all of it happen, through every part of the bot, from WEDNESDAY to AFTER."""
    put_on_file(town.services, CARERS, folder / "providers.csv", WEDNESDAY)
    for number, channel, words in SAID:
        town.ask(number, channel, words)
    town.pass_time(clock, AFTER)
    for number, channel, words in SAID_AFTER:
        town.ask(number, channel, words)
    look_and_label(town)
    look_after_a_case(town)
    look_at_a_provider(town)
    look_around(town)
    answer_as_a_person(town)


def look_after_a_case(town: Town) -> None:
    """An operator writes down what was done about what Zoraida asked for, and puts off what else there is of her."""
    with town.services.store.begin() as tx:
        hers = next(one for one in cases.list_open(tx) if one.address == ZORAIDA)
        assert cases.close(tx, hers.id, AFTER, by=1, note="Zoraida ya tiene el xilofono")
        assert attention.set_aside(tx, hers.contact_id, attention.Shelved.UNSURE, AFTER)


def look_at_a_provider(town: Town) -> None:
    """An operator was at Ildefonsa's, and is about to take in a table of others."""
    with town.services.store.begin() as tx:
        hers = own_files.named(tx, "first")
        assert hers is not None
        checks.record(
            tx, hers, CheckKind.VISIT, AFTER.date(), Checker("Ana", 1), AFTER, note="hay un cachorrito, manso"
        )
        uploads.keep(tx, "providers", 1, "otras.csv", b"name\nOtra\n", AFTER)


def answer_as_a_person(town: Town) -> None:
    """An operator takes over from the bot, and writes to Zoraida."""
    team = Team(town)
    assert team.take(ZORAIDA) is team.write(ZORAIDA, "Buenos días, Zoraida: ¿y el xilofono?") is Outcome.DONE


def look_and_label(town: Town) -> None:
    """It is counted, and an operator labels what was laid out."""
    tally_job.tally()
    label_job.lay_out()
    with town.services.store.begin() as tx:
        while (item := labels.next_for(tx, 1, 0.5)) is not None:
            opinion = labels.Opinion(1, labels.Verdict.LABELLED, item.intent, item.shown.spans)
            labels.save(tx, item.id, opinion, AFTER)


def look_around(town: Town) -> None:
    """An administrator with a second proof opens every page that stands in the console's navigation."""
    ada = log_in(town.services, Role.ADMINISTRATOR)
    with town.services.store.begin() as tx:
        operators.set_totp(tx, ada.id, second_proof.new_secret())
        codes = [second_proof.recovery_hash(code) for code in second_proof.new_recovery_codes()]
        operators.confirm_totp(tx, ada.id, 1, codes, AFTER)
    there = {rule.rule for rule in ada.app.url_map.iter_rules()}
    for entry in (entry for group in NAVIGATION for entry in group):
        if entry.address in there:
            ada.get(entry.address)


@dataclass(frozen=True, slots=True)
class Found:
    """A stored value, as somebody with the keys reads it."""

    table: str
    column: str
    text: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column}: {self.text}"


def read_all(store: Store) -> list[Found]:
    """Everything that is stored, opened."""
    with store.begin() as tx:
        return [
            Found(table.name, name, tx.vault.open(value) if name.endswith("_sealed") else str(value))
            for table in Base.metadata.sorted_tables
            for row in tx.session.execute(select(table)).mappings()
            for name, value in row.items()
            if value not in (None, b"")
        ]
