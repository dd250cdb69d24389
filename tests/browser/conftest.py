"""The console in a real browser: Debian's Chromium, driven by Playwright, on the real application, database and queues.

    def test_…(visitor: Visitor) -> None:
        visitor.log_in(Role.COORDINATOR)                       # by the form; tests/support/console.py has the names
        page = visitor.open("/console/proveedores", "providers")   # looks at the page, keeps pictures of it
        page.get_by_role("link", name="Casa Luna").click()
        visitor.look("provider")                               # the same, for a page one came to by a link or a form
        expect(page.get_by_role("heading", level=1)).to_have_text("Casa Luna")

- `visitor` has empty tables; ask for `demo` too (tests/conftest.py) for the demo's providers, hubs and material, or
  fill the tables through `services`. For people who write, make a `Town` (tests/support/phone.py) of `services` and
  `carrier`: the browser sees what happens there.
- `another` makes further visitors, each with cookies of its own: two operators at once.
- `without_javascript` is a visitor whose browser runs no script: every page must do for them.
- `look` and `open` fail on what axe calls serious, on a page heavier than 100 kB, on one that is wider than a phone,
  and on anything that the browser complains of, such as a script that the policy forbids.
- `visitor.app` is the application that is served. time-machine moves its time, and not the browser's.

Pictures lie in build/screenshots. Chromium is looked for on the PATH; where there is none these tests are skipped,
unless AYLLU_BROWSER=required is set, as .ci/run does.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from bot.app import create_app
from bot.services import Services
from tests.browser.visitor import SCREENSHOTS, WIDE, Visitor
from tests.support.carrier import LocalCarrier

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, started once."""
    found = next((path for name in CHROMIUMS if (path := shutil.which(name))), None)
    if found is None:
        told = f"no browser on the PATH ({', '.join(CHROMIUMS)}): apt-get install chromium"
        if os.environ.get("AYLLU_BROWSER") == "required":
            pytest.fail(told)
        pytest.skip(told)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    # Without its sandbox it starts as root too, as in a container; it sees our own pages alone.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def another(chromium: Browser, services: Services, carrier: LocalCarrier) -> Iterator[Callable[..., Visitor]]:
    """Makes visitors of the application, which is served where the carrier calls it."""
    app = carrier.bot_door.app = create_app(services)
    contexts = []

    def visit(javascript: bool = True) -> Visitor:
        context = chromium.new_context(
            locale="es-PE",
            timezone_id="America/Lima",
            viewport={"width": WIDE, "height": 800},
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        contexts.append(context)
        return Visitor(context, carrier.bot_url, services, app)

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture
def visitor(another: Callable[..., Visitor]) -> Visitor:
    """Somebody in front of a browser, who has not logged in."""
    return another()


@pytest.fixture
def without_javascript(another: Callable[..., Visitor]) -> Visitor:
    """The same, whose browser runs no script."""
    return another(javascript=False)
