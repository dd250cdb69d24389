"""Tables are taken in by the console: what would change is shown first, and that alone is done."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from sqlalchemy import select, update

from bot.console import importing
from bot.console.access import Role
from bot.services import Services
from bot.store import audit_log
from bot.store.tables import AuditEntry, Provider, Upload
from tests.support.console import Browser, log_in

HEADER = "key,name,kind,phone,district,min_age,max_age,days,opens,closes,price,period,places"
ROSA = "rosa,Sra. Rosa,cuidadora,987654321,Comas,6m,4a,lun-vie,06:00,18:00,15,dia,2"
LUNA = "luna,Nido Luna,nido,,Comas,1a,5a,lun-vie,7:30,5 pm,350,mes,4"
WRONG = "mal,Nido Mal,colegio,,Comas,1a,5a,lun-xyz,7:30,5 pm,350,mes,4"
HERE = "/console/proveedores/importar"


@pytest.fixture
def carla(services: Services) -> Browser:
    return log_in(services, Role.COORDINATOR)


def send(browser: Browser, *rows: str, header: str = HEADER, status: int = 303) -> str:
    content = "\n".join((header, *rows)).encode()
    answer = browser.post(HERE, {"archivo": (io.BytesIO(content), "cuidadoras.csv")})
    assert answer.status_code == status, answer.text
    return answer.location or answer.text


def decide(browser: Browser, address: str, page: str | None = None, **form: str) -> str:
    print_ = re.search(r'name="huella" value="(\w+)"', page or browser.get(address).text)
    answer = browser.post(address, {**({"huella": print_[1]} if print_ else {}), **form})
    return answer.location or unescape(answer.text)


def on_file(services: Services) -> dict[str, Provider]:
    with services.store.begin() as tx:
        found = {row.key: row for row in tx.session.scalars(select(Provider))}
        tx.session.expunge_all()
        return found


def test_what_would_change_is_shown_and_then_done(services: Services, carla: Browser) -> None:
    first = send(carla, ROSA)
    assert decide(carla, first) == HERE
    address = send(carla, ROSA.replace(",15,dia,2", ",18,dia,3"), LUNA, WRONG)
    page = unescape(carla.get(address).text)

    assert "Todavía no se cambió nada" in page
    assert re.search(r'<td class="code nowrap">price</td>\s*<td>15</td><td class="strong">18</td>', page)
    assert "«colegio» no es ninguno de estos" in page
    assert "«xyz» no es un día" in page
    assert "Confirmar: 2 filas" in page
    assert set(on_file(services)) == {"rosa"}

    assert decide(carla, address, page) == HERE
    assert "Listo: 1 proveedor nuevo, 1 cambió, 0 sin cambios." in carla.get(HERE).text
    found = on_file(services)
    assert set(found) == {"rosa", "luna"}
    assert (found["rosa"].price_amount, found["rosa"].places_free) == (18, 3)
    with services.store.begin() as tx:
        entry = audit_log.listed(tx, audit_log.Wanted(what="imported"), None, 1)[0]
        assert (entry.subject, entry.detail) == ("import:providers", {"new": 1, "changed": 1, "wrong": 2})
        assert not tx.session.scalars(select(Upload)).all()


def test_numbers_are_masked_in_what_would_change(services: Services, carla: Browser) -> None:
    decide(carla, send(carla, ROSA))
    page = carla.get(send(carla, ROSA.replace("987654321", "912345678"))).text
    assert "+51 *** *** *21" in page
    assert "+51 *** *** *78" in page
    assert "912345678" not in page
    assert "987654321" not in page


def test_who_changes_their_mind_changes_nothing(services: Services, carla: Browser) -> None:
    address = send(carla, ROSA)
    assert decide(carla, address, que="dejar") == HERE
    assert on_file(services) == {}
    assert carla.client.get(address).status_code == 303


def test_what_changed_meanwhile_is_shown_again_before_it_is_done(services: Services, carla: Browser) -> None:
    decide(carla, send(carla, ROSA))
    address = send(carla, ROSA.replace(",15,", ",18,"))
    page = carla.get(address).text
    with services.store.begin() as tx:
        tx.session.execute(update(Provider).values(price_amount=16))
    shown = decide(carla, address, page)
    assert "Mientras tanto algo cambió" in shown
    assert "<td>16</td>" in shown
    assert on_file(services)["rosa"].price_amount == 16
    assert decide(carla, address, shown) == HERE
    assert on_file(services)["rosa"].price_amount == 18


def test_taken_in_twice_nothing_would_change(services: Services, carla: Browser) -> None:
    decide(carla, send(carla, ROSA, LUNA))
    page = carla.get(send(carla, ROSA, LUNA)).text
    assert "Nada cambiaría" in page
    assert "Confirmar" not in page


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04...", "es una hoja de cálculo, no un CSV"),
        ("name".encode("utf-16"), "está en UTF-16"),
        (b"name;kind\nRosa;nido\n", "falta esta columna"),
        (b"\n", "el archivo está vacío"),
    ],
)
def test_a_file_that_is_no_table_is_told_in_spanish(
    services: Services, carla: Browser, content: bytes, said: str
) -> None:
    answer = carla.post(HERE, {"archivo": (io.BytesIO(content), "x.csv")})
    page = carla.get(answer.location).text
    assert said in page
    assert "No hay filas que tomar" in page


def test_no_file_or_too_long_a_one_is_refused(services: Services, carla: Browser) -> None:
    assert "Escoja un archivo" in carla.post(HERE, {}).text
    many = [ROSA.replace("rosa,", f"rosa-{number},") for number in range(importing.MOST_ROWS + 1)]
    assert "más de 2,000 filas" in send(carla, *many, status=422)
    content = b"x" * (importing.MOST_BYTES + 10_000)
    assert carla.post(HERE, {"archivo": (io.BytesIO(content), "x.csv")}).status_code == 413


def test_a_file_is_for_who_sent_it_alone_and_for_an_hour(services: Services, carla: Browser) -> None:
    address = send(carla, ROSA)
    ada = log_in(services, Role.ADMINISTRATOR, carla.app)
    assert ada.client.get(address).location == HERE
    assert ada.post(address, {"huella": "x"}).location == HERE
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=61)):
        with services.store.begin() as tx:
            kept = tx.session.scalars(select(Upload)).all()
        assert len(kept) == 1
        late = log_in(services, Role.COORDINATOR, carla.app)
        assert late.client.get(address).location == HERE
    assert on_file(services) == {}


def test_an_operator_takes_in_nothing(services: Services) -> None:
    olga = log_in(services, Role.OPERATOR)
    olga.get(HERE, status=403)
    answer = olga.post(HERE, {"archivo": (io.BytesIO(b"x" * 1_000_000), "x.csv")})
    assert answer.status_code in (403, 413)


def test_many_rows_are_shown_some_at_a_time(services: Services, carla: Browser) -> None:
    rows = [ROSA.replace("rosa,", f"rosa-{number},") for number in range(60)]
    address = send(carla, *rows, *[WRONG.replace("mal,", f"mal-{number},") for number in range(40)])
    page = unescape(carla.get(address).text)
    assert len(page.encode()) < 60_000
    assert "rosa-24" in page
    assert "rosa-25<" not in page
    second = unescape(carla.get(f"{address}?nuevas=25&malas=75").text)
    assert "rosa-25" in second
    assert carla.get(f"{address}?nuevas=9999&malas=x").status_code == 200
    decide(carla, address)
    assert len(on_file(services)) == 60


def test_the_template_and_every_column_are_explained(services: Services, carla: Browser) -> None:
    template = carla.get(f"{HERE}/plantilla.csv")
    assert template.text.startswith("key,name,kind")
    page = carla.get(HERE).text
    for subject in (importing.PROVIDERS, importing.HUBS, importing.RESOURCES):
        assert set(subject.explained) <= set(subject.kind.columns)
        assert set(subject.kind.columns) - set(subject.explained) <= {"state", "checks_until"}
        assert subject.template.is_file()
    for column in importing.PROVIDERS.explained:
        assert f'class="code">{column}</th>' in page


# ---------------------------------------------------------------- exports


def exported(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_what_was_found_is_exported_without_numbers_and_comes_back_unchanged(
    services: Services, carla: Browser
) -> None:
    evil = ROSA.replace("Sra. Rosa", "=1+1").replace("rosa,", "evil,")
    decide(carla, send(carla, ROSA, LUNA, evil))
    answer = carla.get("/console/proveedores/exportar.csv")
    rows = exported(answer.text)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="proveedores-')
    assert [row["name"] for row in rows] == ["Sra. Rosa", "Nido Luna", "'=1+1"]
    assert "phone" not in rows[0]
    assert "987654321" not in answer.text
    assert rows[0]["state"] == "por verificar"
    only = exported(carla.get("/console/proveedores/exportar.csv?q=luna&estado=por-verificar").text)
    assert [row["name"] for row in only] == ["Nido Luna"]

    back = carla.post(HERE, {"archivo": (io.BytesIO(answer.data), "de-vuelta.csv")})
    assert "Nada cambiaría" in carla.get(back.location).text


def test_numbers_go_out_for_a_reason_that_is_kept(services: Services, carla: Browser) -> None:
    decide(carla, send(carla, ROSA))
    refused = carla.post("/console/proveedores/exportar", {"motivo": ""})
    assert refused.status_code == 422
    assert "Escriba para qué los necesita" in refused.text
    answer = carla.post("/console/proveedores/exportar?q=rosa", {"motivo": "Campaña de vacunas"})
    assert exported(answer.text)[0]["phone"] == "+51987654321"
    with services.store.begin() as tx:
        last = tx.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        assert last.what == "exported"
        assert last.detail == {"q": "rosa", "números": "sí", "motivo": "Campaña de vacunas"}


def test_an_operator_exports_nothing(services: Services) -> None:
    olga = log_in(services, Role.OPERATOR)
    for address in ("/console/proveedores/exportar", "/console/proveedores/exportar.csv"):
        olga.get(address, status=403)
    assert olga.post("/console/proveedores/exportar", {"motivo": "porque quiero"}).status_code == 403
