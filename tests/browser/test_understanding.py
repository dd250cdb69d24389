"""Labelling in two clicks, with and without scripts, and how well the model reads."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from bot.console.access import Role
from bot.services import Services
from bot.store.tables import Label
from nlp.schema import Intent, SlotName
from nlp.training.rows import parse_line
from tests.browser.visitor import Visitor
from tests.support.readings import lay_out, read_message

TEXT = "hola soy Yesica busco cuna en comas cerca del mercado unicachi para mi bebita de 8 meses"


def labels(services: Services) -> list[tuple[str, str | None, set[str]]]:
    with services.store.begin() as tx:
        rows = tx.session.scalars(select(Label).order_by(Label.id)).all()
        return [(row.verdict, row.intent, {span[0] for span in row.spans or []}) for row in rows]


@pytest.fixture
def laid_out(services: Services) -> None:
    read_message(
        services,
        TEXT,
        Intent.FIND_CHILDCARE,
        0.41,
        ((SlotName.CARE_TYPE, "cuna"), (SlotName.LOCATION, "comas"), (SlotName.CHILD_AGE, "8 meses")),
    )
    read_message(services, "ya pe señito", Intent.AFFIRM, 0.37)
    read_message(services, "x fa dnd ps", Intent.ASK_DETAILS, 0.22)
    lay_out(services)


def right(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Correcto")).click()


@pytest.mark.usefixtures("laid_out")
def test_what_is_right_takes_one_click_and_another_intent_one_or_two(visitor: Visitor) -> None:
    visitor.log_in()
    page = visitor.open("/console/comprension", "labelling")
    expect(page.get_by_text("Yesica")).to_have_count(0)
    right(page)
    expect(page.get_by_text("ya pe señito")).to_be_visible()
    page.get_by_text("Más posibilidades").click()
    page.get_by_role("button", name="Solo agradece o se despide").click()
    page.get_by_role("button", name="No se entiende").click()
    expect(page.get_by_text("No hay mensajes por etiquetar")).to_be_visible()
    visitor.look("labelling-done")
    assert labels(visitor.services) == [
        ("labelled", "find_childcare", {"care_type", "location", "child_age"}),
        ("labelled", "thank", set()),
        ("unclear", None, set()),
    ]
    page.get_by_role("link", name="Volver al anterior").click()
    expect(page.get_by_text("x fa dnd ps")).to_be_visible()


def fix(page: Page, take: Callable[[str, str], None], kind: str) -> None:
    """The place is wrong, and a landmark is missing."""
    page.get_by_text("Un dato está mal, o falta uno").click()
    page.get_by_role("group", name=re.compile("«comas»")).get_by_label("Quitar").check()
    take("mercado", "unicachi")
    page.get_by_role("group", name="Dato nuevo 1").get_by_label("Qué es").select_option(label=kind)


@pytest.mark.usefixtures("laid_out")
def test_words_are_tapped_to_mark_what_is_missing(visitor: Visitor) -> None:
    visitor.log_in()
    page = visitor.open("/console/comprension")

    def tap(first: str, last: str) -> None:
        for word in (first, last):
            page.get_by_role("button", name=re.compile(rf"^{word}\d+$")).click()

    fix(page, tap, "Referencia")
    visitor.look("labelling-fixed")
    right(page)
    expect(page.get_by_text("ya pe señito")).to_be_visible()
    assert labels(visitor.services) == [
        ("labelled", "find_childcare", {"care_type", "landmark", "child_age"})
    ]


@pytest.mark.usefixtures("laid_out")
def test_a_slot_is_put_right_by_tapping_its_words(visitor: Visitor) -> None:
    visitor.log_in()
    page = visitor.open("/console/comprension")
    page.get_by_text("Un dato está mal, o falta uno").click()
    group = page.get_by_role("group", name=re.compile("«cuna»"))
    group.get_by_label("Corregir").check()
    page.get_by_role("button", name=re.compile(r"^busco\d+$")).click()
    page.get_by_role("button", name=re.compile(r"^cuna\d+$")).click()
    group.get_by_label("Qué es").select_option(label="Tema que quiere aprender")
    right(page)
    expect(page.get_by_text("ya pe señito")).to_be_visible()
    assert labels(visitor.services)[0][2] == {"topic", "location", "child_age"}


@pytest.mark.usefixtures("laid_out")
def test_without_scripts_words_are_told_by_their_numbers(without_javascript: Visitor) -> None:
    visitor = without_javascript
    visitor.log_in()
    page = visitor.page
    page.goto(f"{visitor.url}/console/comprension")
    words = page.locator("[data-words] .word").all_text_contents()
    number = {re.sub(r"\d+$", "", word): word for word in words}

    def type_numbers(first: str, last: str) -> None:
        group = page.get_by_role("group", name="Dato nuevo 1")
        for label, word in (("De la palabra", first), ("a la palabra", last)):
            at = re.search(r"\d+$", number[word])
            assert at is not None
            group.get_by_label(label).fill(at[0])

    fix(page, type_numbers, "Referencia")
    page.get_by_role("button", name=re.compile("^Correcto")).click()
    expect(page.get_by_text("ya pe señito")).to_be_visible()
    assert labels(visitor.services) == [
        ("labelled", "find_childcare", {"care_type", "landmark", "child_age"})
    ]


def test_results_are_read_and_rows_taken_out(visitor: Visitor) -> None:
    for number in range(24):
        read_message(
            visitor.services,
            f"es para {number + 2} niños en comas",
            Intent.INFORM if number % 3 else Intent.FIND_CHILDCARE,
            0.8,
            ((SlotName.LOCATION, "comas"),),
            timedelta(days=number),
        )
    lay_out(visitor.services, wanted=2)
    with visitor.services.store.begin() as tx:
        from bot.store import labels as stored

        for operator_id in (901, 902):
            while (item := stored.next_for(tx, operator_id, 0.5)) is not None:
                meant = Intent.HELP if item.id % 8 == operator_id % 2 else item.intent
                said = stored.Opinion(operator_id, stored.Verdict.LABELLED, meant, item.shown.spans)
                stored.save(tx, item.id, said, item.received_at)
    visitor.log_in(Role.COORDINATOR)
    page = visitor.open("/console/comprension/resultados", "results")
    expect(page.get_by_role("heading", name="Las personas coinciden")).to_be_visible()
    expect(page.get_by_role("table").first).to_be_visible()
    with page.expect_download() as told:
        page.get_by_role("button", name="Descargar").click()
    lines = told.value.path().read_text(encoding="utf-8").splitlines()
    rows = [parse_line(line) for line in lines if not line.startswith("#")]
    assert len(rows) > 10
