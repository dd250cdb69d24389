"""The simulator's page, as a newcomer finds it after `make run`: real bot, workers and engines behind it."""

from __future__ import annotations

import re
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.visitor import HEAVIEST_BYTES, NARROW, SCREENSHOTS, SERIOUS, urlpath
from tests.support.whole import Running, start, wait_until_ready

AN_ANSWER_MS = 20_000
LAPTOP = {"width": 1440, "height": 900}
PHONE = {"width": NARROW, "height": 844}
ASKS = "busco quien cuide a mi hijita de 2 años en collique de lunes a viernes de 8 a 4"


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with tempfile.TemporaryDirectory(prefix="ayllu-", ignore_cleanup_errors=True) as folder:
        here = start(Path(folder))
        wait_until_ready(here)
        yield here
        here.stop(signal.SIGTERM)


class Newcomer:
    """Somebody who opened the phones' page. `faults` is what the browser complained of."""

    def __init__(self, context: BrowserContext, running: Running) -> None:
        self.context = context
        self.page: Page = context.new_page()
        self.page.set_default_timeout(AN_ANSWER_MS)
        self.address = f"http://127.0.0.1:{running.port + 1}/simulator/"
        self.faults: list[str] = []
        self.page.on("console", lambda said: said.type == "error" and self.faults.append(said.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def open(self, link: str = "") -> Page:
        self.page.goto(self.address + link)
        expect(self.page.locator("#conversations li").first).to_be_attached()
        return self.page

    def give_new_phones(self) -> tuple[Locator, Locator]:
        """A smartphone and a basic phone whose owners never wrote before."""
        for which, name in (("whatsapp", "Señora Nueva"), ("sms", "Don Nuevo")):
            phone = self.phone(which)
            phone.locator(".owner").select_option("+")
            self.page.get_by_label("Nombre").fill(name)
            self.page.get_by_role("button", name="Darle un teléfono").click()
            expect(phone.locator("h2")).to_contain_text(name)
        return self.phone("whatsapp"), self.phone("sms")

    def phone(self, which: str) -> Locator:
        return self.page.locator(f".{which}-phone").first

    def write(self, phone: Locator, text: str) -> None:
        phone.get_by_role("textbox").fill(text)
        phone.get_by_role("textbox").press("Enter")

    def ask(self, phone: Locator, text: str, answer: str) -> None:
        """Write, and wait for an answer that holds these words."""
        self.write(phone, text)
        self.hears(phone, answer)

    def hears(self, phone: Locator, words: str) -> None:
        expect(phone.get_by_role("log")).to_contain_text(
            re.compile(words, re.IGNORECASE), timeout=AN_ANSWER_MS
        )

    def serious_faults(self) -> list[str]:
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        return [
            f"{fault['id']}: {fault['help']}: {[node['html'] for node in fault['nodes']][:3]}"
            for fault in found
            if fault["impact"] in SERIOUS
        ]

    def width(self) -> int:
        wide: int = self.page.evaluate("document.documentElement.scrollWidth")
        return wide

    def shot(self, name: str) -> None:
        self.page.screenshot(path=SCREENSHOTS / f"simulator-{name}.png")


@pytest.fixture
def another(chromium: Browser, running: Running) -> Iterator[Callable[..., Newcomer]]:
    contexts = []

    def visit(viewport: Any = LAPTOP) -> Newcomer:
        # Somewhere else, and in another hour: the page tells Peru's.
        context = chromium.new_context(
            viewport=viewport, reduced_motion="reduce", locale="de-DE", timezone_id="Asia/Tokyo"
        )
        contexts.append(context)
        return Newcomer(context, running)

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture
def newcomer(another: Callable[..., Newcomer]) -> Newcomer:
    return another()


def asked_by_day(newcomer: Newcomer) -> Locator:
    """The phone of the provider who was just asked; where it is night, after it."""
    page = newcomer.page
    notice = page.get_by_role("button", name="Ver su teléfono")
    try:
        expect(notice).to_be_visible(timeout=6000)
    except AssertionError:
        travel(page, lambda: page.locator("#go-next").click())
        expect(notice).to_be_visible()
    notice.click()
    return page.locator(".sms-phone").filter(has=page.locator("h2", has_text="(demo)"))


def travel(page: Page, go: Callable[[], None]) -> None:
    """Open the time, go somewhere, and come back when there."""
    page.get_by_role("button", name="Viajar en el tiempo").click()
    dialog = page.get_by_role("dialog", name="Viajar en el tiempo")
    expect(dialog.locator("#coming li").first).to_be_visible()
    go()
    expect(dialog.locator("#big-clock")).to_contain_text("Viajando")
    expect(dialog.locator("#big-clock")).not_to_contain_text("Viajando", timeout=60_000)
    dialog.get_by_role("button", name="Cerrar").click()


def test_the_page_keeps_nobody_out_is_light_and_fits_a_phone(
    newcomer: Newcomer, another: Callable[..., Newcomer]
) -> None:
    page = newcomer.open()
    assert newcomer.serious_faults() == []
    for name, dialog in (
        ("Fallas de la red", "Fallas de la red"),
        ("Viajar en el tiempo", "Viajar en el tiempo"),
        ("Compartir ubicación", "Compartir ubicación"),
    ):
        page.get_by_role("button", name=name).first.click()
        expect(page.get_by_role("dialog", name=dialog)).to_be_visible()
        assert newcomer.serious_faults() == []
        page.keyboard.press("Escape")
    assert newcomer.width() <= LAPTOP["width"]
    newcomer.shot("laptop")
    small = another(PHONE)
    tabs = small.open().get_by_role("navigation").get_by_role("button")
    for place in range(tabs.count()):
        tabs.nth(place).click()
        assert small.serious_faults() == []
        assert small.width() <= NARROW
        small.shot(f"{NARROW}-{place}")
    assert newcomer.faults == small.faults == []


def test_the_page_weighs_less_than_a_picture(newcomer: Newcomer) -> None:
    network = newcomer.context.new_cdp_session(newcomer.page)
    network.send("Network.enable")
    loaded: list[float] = []
    network.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
    asked: list[str] = []
    newcomer.page.on("request", lambda request: asked.append(request.url))
    newcomer.open()
    assert 10_000 < sum(loaded) <= HEAVIEST_BYTES
    assert {urlpath(url).split("/")[1] for url in asked} == {"simulator"}


def test_one_plays_both_the_mother_and_the_provider(newcomer: Newcomer) -> None:
    newcomer.open()
    mother, _ = newcomer.give_new_phones()
    newcomer.ask(mother, ASKS, "1\\. ")
    newcomer.ask(mother, "1", "está de acuerdo")
    newcomer.ask(mother, "si, soy elena", "le pregunt")
    provider = asked_by_day(newcomer)
    newcomer.hears(provider, "Elena busca")
    newcomer.ask(provider, "si mamita", "quedo con elena")
    newcomer.hears(mother, "dijo que sí")
    newcomer.shot("both")
    assert newcomer.faults == []


def test_three_days_later_is_seen_today(newcomer: Newcomer) -> None:
    page = newcomer.open()
    mother, _ = newcomer.give_new_phones()
    newcomer.ask(mother, ASKS, "1\\. ")
    newcomer.ask(mother, "2", "está de acuerdo")
    newcomer.ask(mother, "si, soy julia", "le pregunt")
    newcomer.ask(asked_by_day(newcomer), "si", "quedo con julia")
    newcomer.hears(mother, "dijo que sí")
    day = page.locator("#day").text_content()
    travel(page, lambda: page.get_by_role("button", name="1 semana").click())
    assert page.locator("#day").text_content() != day
    expect(page.locator("#ahead")).to_contain_text("d")
    page.locator("[data-add=sms]").click()  # after a day WhatsApp takes no free text: it comes by SMS
    hers = page.locator(".sms-phone").last
    hers.locator(".owner").select_option(mother.locator(".owner").input_value())
    newcomer.hears(hers, "como le va")
    newcomer.shot("later")
    assert newcomer.faults == []


def test_what_happened_is_told_step_by_step(newcomer: Newcomer) -> None:
    page = newcomer.open()
    mother, don = newcomer.give_new_phones()
    newcomer.ask(mother, ASKS, "1\\. ")
    told = page.get_by_role("region", name="Qué pasó")
    for words in (
        "escribe por WhatsApp",
        "lo recibe en",
        "Busca quién cuide",
        "«2 años»",
        "cercanía",
        "care_list",
        "US$",
    ):
        expect(told).to_contain_text(words)
    assert told.locator("meter").count() >= 3
    assert newcomer.serious_faults() == []
    newcomer.shot("story")
    newcomer.ask(don, "dnd ay internet x ayacucho", "Ayacucho")
    expect(told).to_contain_text("Busca internet")
    mother.locator(".bubble.mine").first.click()
    expect(told).to_contain_text("«2 años»")
    told.get_by_label("Con qué mensaje").select_option(index=0)
    expect(told).to_contain_text("hub_list")
    assert newcomer.faults == []


def test_a_phone_without_signal_keeps_what_is_written_until_it_is_back(newcomer: Newcomer) -> None:
    newcomer.open()
    mother, _ = newcomer.give_new_phones()
    switch = mother.get_by_role("button", name="Sin señal")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    newcomer.write(mother, "hola")
    expect(mother.get_by_role("img", name="espera que haya señal")).to_be_visible()
    expect(mother.locator(".presence")).to_have_text("esperando señal…")
    assert mother.locator(".bubble.theirs").count() == 0
    newcomer.shot("off")
    switch.click()
    expect(mother.locator(".bubble.theirs")).to_have_count(1)
    expect(mother.get_by_role("img", name="leído")).to_be_visible()
    assert newcomer.faults == []


def test_a_fault_of_the_carrier_is_seen_and_what_comes_of_it(newcomer: Newcomer) -> None:
    page = newcomer.open()
    mother, basic = newcomer.give_new_phones()
    page.get_by_role("button", name="Fallas de la red").click()
    page.get_by_label("A quién le pasa").select_option(mother.locator(".owner").input_value())
    page.get_by_label("El número no tiene WhatsApp").check()
    page.keyboard.press("Escape")
    expect(page.locator("#fault-count")).to_have_text("1")
    newcomer.write(mother, "hola")
    newcomer.hears(mother, "error 63024")
    told = page.get_by_role("region", name="Qué pasó")
    expect(told).to_contain_text("error 63024")
    expect(told).to_contain_text(re.compile("por SMS.*llegó"))
    basic.locator(".owner").select_option(mother.locator(".owner").input_value())
    newcomer.hears(basic, "Ayllu")
    page.get_by_role("button", name="Fallas de la red").click()
    page.get_by_role("button", name="Apagar todas las fallas").click()
    expect(page.locator("#fault-count")).to_be_hidden()
    assert newcomer.faults == []


def test_by_keyboard_alone_one_writes_and_twelve_keys_do_too(newcomer: Newcomer) -> None:
    page = newcomer.open()
    mother, don = newcomer.give_new_phones()
    mother.locator(".owner").focus()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-label')") == "Mensaje de WhatsApp":
            break
    page.keyboard.type("gracias")
    page.keyboard.press("Enter")
    expect(mother.locator(".bubble.theirs")).to_have_count(1)
    for key in "44 666 555 2".replace(" ", "|"):
        if key == "|":
            page.wait_for_timeout(1000)
        else:
            don.get_by_role("button", name=re.compile(f"^{key} ")).press("Enter")
    expect(don.get_by_role("textbox")).to_have_value("hola")
    don.get_by_role("button", name="Borrar una letra").click()
    expect(don.get_by_role("textbox")).to_have_value("hol")
    don.get_by_role("button", name="Enviar SMS").click()
    newcomer.hears(don, "Ayllu")
    assert newcomer.faults == []


def test_a_link_plays_a_conversation_that_came_with_the_page(newcomer: Newcomer) -> None:
    page = newcomer.open("#ver=internet-por-sms")
    don = page.locator(".sms-phone").filter(has=page.locator("h2", has_text="Eulogio"))
    newcomer.hears(don, "gracias joven")
    assert "#" not in page.url
    assert newcomer.faults == []


def test_what_was_said_can_be_shared_by_a_link_that_shows_it_before_it_writes(
    newcomer: Newcomer, another: Callable[..., Newcomer]
) -> None:
    page = newcomer.open()
    _, don = newcomer.give_new_phones()
    newcomer.ask(don, "donde imprimo x villa el salvador", "Villa El Salvador|VES")
    page.get_by_role("button", name="Compartir lo que se conversó").click()
    link = page.get_by_label("Enlace").input_value()
    assert "imprimo" not in link

    friend = another()
    there = friend.open(link.partition("#")[1] + link.partition("#")[2])
    shown = there.get_by_role("dialog", name="Le compartieron una conversación")
    expect(shown).to_contain_text("Don Nuevo: donde imprimo x villa el salvador")
    friend.shot("shared")
    shown.get_by_role("button", name="Mirarla").click()
    theirs = there.locator(".sms-phone").filter(has=there.locator("h2", has_text="Don Nuevo"))
    friend.hears(theirs, "donde imprimo x villa el salvador")
    friend.hears(theirs, "Ayllu \\d")
    assert newcomer.faults == friend.faults == []


@pytest.mark.parametrize("link", ["#c=e30", "#c=%%%", "#ver=nada", "#c=eyJ0IjoxLCJsIjpbWyJhIl1dfQ"])
def test_a_link_that_holds_no_conversation_says_so_and_writes_nothing(newcomer: Newcomer, link: str) -> None:
    page = newcomer.open(link)
    expect(page.locator("#toast")).to_contain_text(re.compile("no trae|no está"))
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert newcomer.faults == []
