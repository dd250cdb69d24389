"""The commands, as they are typed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.services import Services
from bot.store import labels
from bot.store.tables import Case, Contact, Hub, Provider, Resource
from nlp.schema import Intent
from nlp.training.rows import read_all
from tests.support.carrier import LocalCarrier
from tests.support.phone import Town
from tests.support.readings import lay_out, read_message

PROVIDERS = f"""\
name,kind,district,min_age,max_age,days,opens,closes,price,period,places,verified,verified_by,verified_at
Nido Luna de Lana,nido,Comas,1a,3a,lun-vie,08:00,17:00,350,mes,4,si,R. Huaman,{datetime.now(UTC):%Y-%m-%d}
Casa Rosa,home,Collique,6m,5a,lun-sab,7:00,18:00,20,dia,2,,,
"""


def ayllu(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=stdin,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def settings(services: Services) -> dict[str, str]:
    return {
        "DATABASE_URL": services.settings.database_url,
        "SECRET_KEY": services.settings.secret_key.get_secret_value(),
        "DATA_DIR": str(services.settings.data_dir),
    }


def count(services: Services, table: type) -> int:
    with services.store.begin() as tx:
        return tx.session.scalar(select(func.count()).select_from(table)) or 0


def test_parse_answers_each_line_in_the_schemas_form() -> None:
    asked = [{"text": "busco cuna en comas", "now": "2026-11-23T10:00:00-05:00"}, {"text": "gracias"}]
    done = ayllu("parse", stdin="\n".join(json.dumps(line) for line in asked))
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert done.returncode == 0
    assert list(first) == ["text", "intent", "confidence", "slots"]
    assert {
        "slot": "location",
        "text": "comas",
        "start": 14,
        "end": 19,
        "value": {"ubigeo": "150110"},
    } in first["slots"]
    assert second["intent"] == "thank"


def test_a_line_that_cannot_be_read_is_told_and_the_others_are_answered() -> None:
    done = ayllu("parse", stdin='{"text": "hola"}\nhola\n{"text": "hola", "now": "ayer"}\n{}\n')
    assert len(done.stdout.splitlines()) == 1
    assert done.returncode == 1
    for told in ("line 2", "line 3", "line 4", "ISO time"):
        assert told in done.stderr


def test_place_answers_with_a_district_or_with_candidates() -> None:
    done = ayllu(
        "place", stdin='{"text": "villa el savador"}\n{"text": "miraflores"}\n{"text": "mi corazon"}'
    )
    values = [json.loads(line)["value"] for line in done.stdout.splitlines()]
    assert values == [{"ubigeo": "150142"}, {"candidates": ["150122", "040110"]}, None]


def test_importing_providers_twice_changes_nothing(
    services: Services, settings: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "providers.csv").write_text(PROVIDERS, encoding="utf-8")
    for _ in range(2):
        done = ayllu("import", "providers", str(tmp_path / "providers.csv"), **settings)
        assert done.returncode == 0, done.stderr
    with services.store.begin() as tx:
        rows = {row.name: row for row in tx.session.scalars(select(Provider))}
    assert set(rows) == {"Nido Luna de Lana", "Casa Rosa"}
    assert rows["Nido Luna de Lana"].verified_by == "R. Huaman"
    assert rows["Casa Rosa"].verified_at is None


def test_importing_resources_twice_changes_nothing(
    services: Services, settings: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "resources.csv"
    path.write_text(
        "key,title,topics,level,kind,minutes,summary,where,source\n"
        "radio-huerto,El huerto en la radio,huerto; plantas,basico,radio,30,Sembrar en casa.,Radio Sol 6am,Radio Sol\n",
        encoding="utf-8",
    )
    for _ in range(2):
        done = ayllu("import", "resources", str(path), **settings)
        assert done.returncode == 0, done.stderr
    assert count(services, Resource) == 1


def test_a_wrong_row_is_told_by_line_and_column_and_the_good_ones_go_in(
    services: Services, settings: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "hubs.csv"
    path.write_text(
        "name,district,services,hours,free\n"
        "Biblioteca,Comas,internet; impresiones,lun-vie 9-18,si\n"
        "Cabina,Atlantida,internet,lun-vie 9-18,no\n",
        encoding="utf-8",
    )
    done = ayllu("import", "hubs", str(path), **settings)
    assert done.returncode == 1
    assert "line 3, column district" in done.stderr
    assert count(services, Hub) == 1


def test_a_file_that_is_not_there_is_named(settings: dict[str, str]) -> None:
    done = ayllu("import", "providers", "nowhere.csv", **settings)
    assert done.returncode == 2
    assert "nowhere.csv" in done.stderr


def test_resolution_gets_better_by_a_national_table(tmp_path: Path) -> None:
    table = tmp_path / "villages.csv"
    table.write_text(
        "inei_ccpp,inei_distrito,ccpp,tipo,latitude,longitude\n"
        "2206020001,220602,HUAYRAPATILLA,Rural,-7.3,-76.9\n"
        "22,220602,MAL,Rural,-7.3,-76.9\n",
        encoding="utf-8",
    )
    done = ayllu("import", "places", str(table), DATA_DIR=str(tmp_path))
    assert done.returncode == 1
    assert "line 3" in done.stderr
    after = ayllu("place", stdin='{"text": "huayrapatilla"}', DATA_DIR=str(tmp_path))
    before = ayllu("place", stdin='{"text": "huayrapatilla"}', DATA_DIR=str(tmp_path / "other"))
    assert json.loads(before.stdout)["value"] is None
    assert json.loads(after.stdout)["value"] == {"ubigeo": "220602"}


def test_cases_are_listed_masked_and_closed(
    services: Services, carrier: LocalCarrier, settings: dict[str, str]
) -> None:
    Town(services, carrier).ask("+510000000011", "sms", "quiero hablar con una persona")
    listed = ayllu("cases", "list", **settings)
    number, _, reason, who, *_ = listed.stdout.split("\t")
    assert (reason, "510000000011" in who) == ("human", False)
    assert ayllu("cases", "close", number, **settings).returncode == 0
    again = ayllu("cases", "close", number, **settings)
    assert again.returncode == 1
    assert "no open case" in again.stderr
    assert count(services, Case) == count(services, Contact) == 1


def test_chat_says_how_to_start_the_simulator_it_does_not_find() -> None:
    done = ayllu("chat", stdin="hola\n", PORT="1")
    assert done.returncode == 1
    assert "make run" in done.stderr
    assert "Traceback" not in done.stderr


def test_unsure_messages_are_exported_as_rows_without_names_and_numbers(
    services: Services, carrier: LocalCarrier, settings: dict[str, str], tmp_path: Path
) -> None:
    town = Town(services, carrier)
    for text in ("soy yesica 987654321 sobre lo del otro dia pues", "gracias"):
        town.ask("+510000000011", "sms", text)
    done = ayllu("messages", "export", "--below", "1.01", **settings)
    assert done.returncode == 0, done.stderr
    assert "2 messages" in done.stderr
    assert "yesica" not in done.stdout
    assert "987654321" not in done.stdout
    (tmp_path / "unsure.txt").write_text(done.stdout, encoding="utf-8")
    assert len(read_all([tmp_path / "unsure.txt"])) == 2
    few = ayllu("messages", "export", "--below", "0", **settings)
    assert few.stdout == ""


def test_what_people_labelled_is_exported_as_rows(
    services: Services, settings: dict[str, str], tmp_path: Path
) -> None:
    assert ayllu("messages", "export", "--labelled", **settings).stdout == ""
    read_message(services, "soy yesica, busco cuna en comas")
    lay_out(services)
    with services.store.begin() as tx:
        item = labels.next_for(tx, 1, 0.5)
        assert item is not None
        said = labels.Opinion(1, labels.Verdict.LABELLED, Intent.FIND_CHILDCARE)
        labels.save(tx, item.id, said, datetime.now(UTC))
    done = ayllu("messages", "export", "--labelled", **settings)
    assert done.returncode == 0, done.stderr
    assert "yesica" not in done.stdout
    (tmp_path / "labelled.txt").write_text(done.stdout, encoding="utf-8")
    (row,) = read_all([tmp_path / "labelled.txt"])
    assert row.intent is Intent.FIND_CHILDCARE


def test_an_operator_lists_verifies_pauses_and_hides_providers(
    services: Services, settings: dict[str, str], tmp_path: Path
) -> None:
    table = tmp_path / "providers.csv"
    table.write_text(PROVIDERS, encoding="utf-8")
    ayllu("import", "providers", str(table), **settings)
    (line,) = ayllu("providers", "list", "--unverified", **settings).stdout.splitlines()
    number, key, state, *_ = line.split("\t")
    assert (key, state) == ("casa-rosa-150110", "unverified")
    early = ayllu("providers", "verify", key, "--by", "R. Huaman", **settings)
    assert early.returncode == 1
    assert "missing: identity, background, visit" in early.stderr
    for kind, by in (("identity", "J. Soto"), ("background", "J. Soto"), ("visit", "R. Huaman")):
        done = ayllu("providers", "check", key, kind, "--by", by, **settings)
        assert done.returncode == 0, done.stderr
    assert "nothing is missing" in done.stdout
    assert (
        "verified by R. Huaman" in ayllu("providers", "verify", key, "--by", "R. Huaman", **settings).stdout
    )
    assert ayllu("providers", "list", "--unverified", **settings).stdout == ""
    assert ayllu("providers", "pause", number, "--until", "2026-12-01", **settings).returncode == 0
    assert '"paused_until": "2026-12-01"' in ayllu("providers", "list", **settings).stdout
    assert ayllu("providers", "hide", key, **settings).returncode == 0
    assert key in ayllu("providers", "list", "--unverified", **settings).stdout
    unknown = ayllu("providers", "verify", "nobody", "--by", "R. Huaman", **settings)
    assert unknown.returncode != 0
    assert "there is no provider nobody" in unknown.stderr
