"""Somebody in front of a browser: what they do, and what is looked at on every page they open."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response

from bot.console.access import Role
from bot.services import Services
from tests.support.console import NAMES, PASSWORD, add_operator

HEAVIEST_BYTES = 100_000
"""What a page may weigh with everything it asks for, on an empty cache: three seconds on a poor 3G."""
SERIOUS = ("serious", "critical")
WIDE, NARROW = 1280, 390
SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"


@dataclass
class Visitor:
    """One browser, with cookies of its own. `page` is Playwright's, for whatever is not here."""

    context: BrowserContext
    url: str
    services: Services
    app: Flask
    page: Page = field(init=False)
    faults: list[str] = field(default_factory=list)
    """What the browser complained of: an error in a script, something that the policy forbids, a file not there."""

    def __post_init__(self) -> None:
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("response", self._answered)

    def log_in(self, role: Role = Role.OPERATOR) -> int:
        """Log in by the form as somebody of this role: their id among the operators."""
        operator_id = add_operator(self.services, role)
        self.page.goto(f"{self.url}/console/entrar")
        self.page.get_by_label("Usuario").fill(NAMES[role][0])
        self.page.get_by_label("Contraseña").fill(PASSWORD)
        self.page.get_by_role("button", name="Entrar").click()
        self.page.wait_for_url(re.compile(r"/console/(?!entrar)"))
        return operator_id

    def open(self, path: str, name: str | None = None) -> Page:
        """Open a page by its address and look at it (`look`); with a name, keep pictures of it."""
        answer = self.page.goto(f"{self.url}{path}")
        assert answer is not None
        assert answer.status == 200, (path, answer.status)
        assert urlpath(self.page.url) == path, f"{path} led to {self.page.url}"
        self.look(name)
        return self.page

    def look(self, name: str | None = None) -> None:
        """Look at the page that is shown: nobody is kept out of it (axe), it is light, fits a phone, and the browser
        complains of nothing. With a name, keep pictures of it as a laptop and as a phone shows it."""
        self.page.wait_for_load_state("load")
        assert self.serious_faults() == []
        assert self.weight() <= HEAVIEST_BYTES
        assert self.faults == []
        assert self.page.locator("h1").count() == 1
        self.page.set_viewport_size({"width": NARROW, "height": 844})
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= NARROW, f"{self.page.url} is {wide} px wide on a phone of {NARROW}"
        assert self.serious_faults() == []
        if name:
            self.shot(f"{name}-{NARROW}")
        self.page.set_viewport_size({"width": WIDE, "height": 800})
        if name:
            self.shot(f"{name}-{WIDE}")

    def serious_faults(self) -> list[str]:
        """What keeps somebody from using the page that is shown, as axe tells it."""
        found = Axe().run(self.page, options={"resultTypes": ["violations"]}).response["violations"]
        return [
            f"{urlpath(self.page.url)}: {fault['id']}: {fault['help']}: "
            + json.dumps([node["html"] for node in fault["nodes"]][:3], ensure_ascii=False)
            for fault in found
            if fault["impact"] in SERIOUS
        ]

    def weight(self) -> int:
        """The bytes that the page that is shown brings over the line with everything it asks for, on an empty cache."""
        fresh = self.context.new_page()
        network = self.context.new_cdp_session(fresh)
        network.send("Network.enable")
        network.send("Network.setCacheDisabled", {"cacheDisabled": True})
        loaded: list[float] = []
        network.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
        fresh.goto(self.page.url)
        fresh.wait_for_load_state("networkidle")
        fresh.close()
        return int(sum(loaded))

    def shot(self, name: str) -> Path:
        """A picture of the page that is shown, in build/screenshots."""
        path = SCREENSHOTS / f"{name}.png"
        self.page.screenshot(path=path, full_page=True)
        return path

    def _heard(self, message: ConsoleMessage) -> None:
        # That a file or page was refused, _answered hears, and knows which.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"{self.page.url}: {message.text}")

    def _answered(self, response: Response) -> None:
        is_page = response.request.resource_type == "document"
        if response.status >= (500 if is_page else 400):
            self.faults.append(f"{response.url}: {response.status}")


def urlpath(url: str) -> str:
    """
    >>> urlpath("http://127.0.0.1:8000/console/registro?que=x")
    '/console/registro?que=x'
    """
    return re.sub(r"^\w+://[^/]+", "", url)
