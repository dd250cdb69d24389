"""A provider is verified step by step, by more than one pair of eyes; what goes wrong is said beside its field."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.console.access import Role
from bot.services import Services
from bot.store import Tx, audit_log, checks, providers
from bot.store.tables import Case, Event, Offer, OfferStatus, Provider, ProviderCheck
from matching.checks import CheckKind
from matching.offers import LIMA
from tests.bot.console.providers.conftest import ROSA, Put
from tests.support.carrier import LocalCarrier
from tests.support.console import Browser, log_in
from tests.support.phone import Town

HOME = ("identity", "background", "visit")


def today() -> date:
    return datetime.now(LIMA).date()


def note(browser: Browser, provider_id: int, *kinds: str, **form: str) -> None:
    for kind in kinds:
        answer = browser.post(f"/console/proveedores/{provider_id}/revisiones", {"que": kind, **form})
        assert answer.status_code == 303, answer.text


def is_verified(services: Services, provider_id: int) -> bool:
    with services.store.begin() as tx:
        return checks.standing(tx, provider_id, datetime.now(UTC)).verified


def deeds(tx: Tx, provider_id: int) -> list[str]:
    wanted = audit_log.Wanted(subject=f"provider:{provider_id}")
    return [entry.what for entry in audit_log.listed(tx, wanted, None, 50)]


@pytest.fixture
def olga(services: Services) -> Browser:
    return log_in(services, Role.OPERATOR)


@pytest.fixture
def carla(services: Services, olga: Browser) -> Browser:
    return log_in(services, Role.COORDINATOR, olga.app)


def verify(services: Services, olga: Browser, carla: Browser, provider_id: int) -> None:
    note(olga, provider_id, *HOME)
    assert carla.post(f"/console/proveedores/{provider_id}/verificar").status_code == 303
    assert is_verified(services, provider_id)


def test_step_by_step_to_the_end_by_two_people(
    services: Services, olga: Browser, carla: Browser, rosa: int
) -> None:
    page = olga.get(f"/console/proveedores/{rosa}").text
    assert "Por verificar: las familias no lo ven" in page
    assert "faltan: Identidad, Antecedentes, Visita al lugar" in page
    note(olga, rosa, *HOME, fecha=str(today() - timedelta(days=3)), nota="Vio el DNI.  Vive con su mamá")

    ready = olga.get(f"/console/proveedores/{rosa}").text
    assert "Vio el DNI. Vive con su mamá" in ready
    assert "Falta que lo confirme quien coordina" in ready
    assert not is_verified(services, rosa)
    assert olga.post(f"/console/proveedores/{rosa}/verificar").status_code == 403
    assert carla.post(f"/console/proveedores/{rosa}/verificar").status_code == 303

    done = carla.get(f"/console/proveedores/{rosa}").text
    assert "Verificado hasta el" in done
    assert "Confirmó la verificación" in done
    with services.store.begin() as tx:
        assert deeds(tx, rosa) == ["verified-provider", *["checked-provider"] * 3]
        row = tx.session.scalars(select(Provider)).one()
        assert row.verified_by == "Carla Coordinadora"


def test_who_made_all_the_checks_does_not_confirm_them(
    services: Services, carla: Browser, olga: Browser, rosa: int
) -> None:
    note(carla, rosa, *HOME)
    assert "tiene que confirmar otra persona" in carla.get(f"/console/proveedores/{rosa}").text
    carla.post(f"/console/proveedores/{rosa}/verificar")
    assert "Usted hizo todas las revisiones" in carla.get(f"/console/proveedores/{rosa}").text
    assert not is_verified(services, rosa)
    note(olga, rosa, "visit")
    carla.post(f"/console/proveedores/{rosa}/verificar")
    assert is_verified(services, rosa)


def test_what_is_missing_is_told_to_who_confirms_too_early(
    services: Services, carla: Browser, olga: Browser, rosa: int
) -> None:
    note(olga, rosa, "identity")
    carla.post(f"/console/proveedores/{rosa}/verificar")
    assert "Falta o venció: Antecedentes, Visita al lugar" in carla.get("/console/proveedores").text
    assert not is_verified(services, rosa)


def test_each_kind_asks_for_its_own_checks(services: Services, olga: Browser, put: Put) -> None:
    nido = put("luna", kind="nido", name="Nido Luna")
    nanny = put("nana", kind="nanny", name="Ana")
    assert "Resolución de la UGEL" in olga.get(f"/console/proveedores/{nido}").text
    page = olga.get(f"/console/proveedores/{nanny}").text
    assert "Entrevista y referencias" in page
    assert "Visita al lugar" not in page


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"fecha": "2999-01-01"}, "Esa fecha todavía no llega."),
        ({"fecha": "ayer"}, "Ponga día, mes y año."),
        ({"fecha": "2020-01-01"}, "Una revisión de esa fecha ya venció"),
        ({"vence": "2999-01-01"}, "Vale como máximo hasta el"),
        ({"nota": "x" * 501}, "Tiene 501 caracteres"),
    ],
)
def test_what_is_wrong_with_a_check_is_said_beside_its_field(
    services: Services, olga: Browser, rosa: int, form: dict[str, str], said: str
) -> None:
    answer = olga.post(f"/console/proveedores/{rosa}/revisiones", {"que": "visit", **form})
    assert answer.status_code == 422
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text
    (value,) = form.values()
    assert value in answer.text
    with services.store.begin() as tx:
        assert not tx.session.scalars(select(ProviderCheck)).all()


def test_a_check_that_is_taken_back_hides_them_and_says_why(
    services: Services, olga: Browser, carla: Browser, rosa: int
) -> None:
    verify(services, olga, carla, rosa)
    with services.store.begin() as tx:
        visit = checks.standing(tx, rosa, datetime.now(UTC)).checks[CheckKind.VISIT].id
    address = f"/console/proveedores/{rosa}/revisiones/{visit}/anular"
    assert olga.post(address, {"motivo": ""}).status_code == 422
    assert is_verified(services, rosa)
    assert olga.post(address, {"motivo": "La dirección no era esa"}).status_code == 303
    assert not is_verified(services, rosa)
    assert "La dirección no era esa" in olga.get(f"/console/proveedores/{rosa}").text
    assert olga.post(address, {"motivo": "otra vez"}).status_code == 404


def test_a_check_that_is_over_stands_there_and_among_those_to_be_made_anew(
    services: Services, olga: Browser, carla: Browser, rosa: int
) -> None:
    verify(services, olga, carla, rosa)
    with services.store.begin() as tx:
        tx.session.execute(
            update(ProviderCheck)
            .where(ProviderCheck.kind == "visit")
            .values(valid_until=today() - timedelta(days=1))
        )
        tx.session.execute(update(Provider).values(verified_until=datetime.now(UTC) - timedelta(hours=1)))
    page = olga.get(f"/console/proveedores/{rosa}").text
    assert "Revisiones vencidas: las familias no lo ven" in page
    assert "Venció el" in page
    assert "Sra. Rosa" in olga.get("/console/proveedores?estado=vencidos").text
    assert "Sra. Rosa" not in olga.get("/console/proveedores?estado=verificados").text
    note(olga, rosa, "visit")
    assert "Sra. Rosa" in olga.get("/console/proveedores?estado=por-confirmar").text
    carla.post(f"/console/proveedores/{rosa}/verificar")
    assert is_verified(services, rosa)


# ---------------------------------------------------------------- what the provider hears


@pytest.fixture
def registered(services: Services, carrier: LocalCarrier, put: Put) -> tuple[Town, int]:
    """Somebody who wrote to us, and is on file."""
    town = Town(services, carrier)
    town.ask(ROSA["phone"], "sms", "hola")
    return town, put()


def heard(town: Town) -> str:
    with town.services.store.begin() as tx:
        tx.session.execute(update(Event).values(due_at=datetime.now(UTC)))  # providers are told by day
    town.sweep()
    return " ".join(town.heard(ROSA["phone"], "sms"))


def test_she_is_told_that_she_is_verified_and_what_else_matters(
    services: Services, olga: Browser, carla: Browser, registered: tuple[Town, int]
) -> None:
    town, rosa = registered
    verify(services, olga, carla, rosa)
    assert "Ya esta verificada" in heard(town)
    note(olga, rosa, "visit")
    carla.post(f"/console/proveedores/{rosa}/verificar")
    assert heard(town) == ""

    olga.post(f"/console/proveedores/{rosa}/pausa", {"hasta": str(today() + timedelta(days=7))})
    assert "puso su registro en pausa" in heard(town)
    assert "En pausa hasta el" in olga.get(f"/console/proveedores/{rosa}").text
    olga.post(f"/console/proveedores/{rosa}/reanudar")
    assert "quito la pausa" in heard(town)
    olga.post(f"/console/proveedores/{rosa}/ocultar", {"motivo": "Una familia se quejó"})
    assert "no muestro sus datos" in heard(town)
    assert not is_verified(services, rosa)
    carla.post(f"/console/proveedores/{rosa}/retirar", {"motivo": "Lo pidió por teléfono"})
    assert "lo saco de la lista" in heard(town)
    assert olga.get(f"/console/proveedores/{rosa}", status=404)


def test_what_waits_for_her_answer_goes_on_to_the_next_when_she_is_hidden(
    services: Services, carrier: LocalCarrier, olga: Browser, carla: Browser, put: Put
) -> None:
    town = Town(services, carrier)
    rosa = put()
    verify(services, olga, carla, rosa)
    maria = "+51900000011"
    for said in ("busco quien cuide a mi hija de 2 años en comas de lunes a viernes de 8 a 5", "1", "si"):
        town.ask(maria, "whatsapp", said)
    with services.store.begin() as tx:
        assert tx.session.scalars(select(Offer)).one().status in (OfferStatus.WAITING, OfferStatus.SENT)
    olga.post(f"/console/proveedores/{rosa}/ocultar", {"motivo": "Algo no está bien"})
    town.settle()
    assert "ya no atiende" in " ".join(town.heard(maria, "whatsapp"))
    with services.store.begin() as tx:
        assert providers.reachable(tx, rosa, True, datetime.now(UTC)) is None


def test_her_registering_is_looked_after_once_she_is_verified(
    services: Services, carrier: LocalCarrier, olga: Browser, carla: Browser
) -> None:
    town = Town(services, carrier)
    town.ask(
        "+51900000021",
        "whatsapp",
        "quiero cuidar niños en mi casa, soy Rosa Quispe, vivo en Comas por el mercado, recibo de 1 a 5 años, "
        "lunes a viernes de 7 a 6, cobro 20 soles al dia y tengo 3 cupos, doy almuerzo",
    )
    town.ask("+51900000021", "whatsapp", "si")
    with services.store.begin() as tx:
        rosa = tx.session.scalars(select(Provider.id)).one()
        assert tx.session.scalars(select(Case)).one().closed_at is None
    verify(services, olga, carla, rosa)
    with services.store.begin() as tx:
        case = tx.session.scalars(select(Case)).one()
        assert (case.closed_at is not None, case.closed_by) == (True, carla.id)


def test_nobody_is_verified_by_a_page_of_another_site(services: Services, carla: Browser, rosa: int) -> None:
    answer = carla.client.post(f"/console/proveedores/{rosa}/verificar")
    assert answer.status_code == 400
