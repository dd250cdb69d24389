"""The docs as a site: whole, and from nowhere else."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.docs.columns import PAGE, filled

LOADS = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src", "object": "data"}
"""What a browser fetches by itself, by the attribute that says from where."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, made strictly: a link or a page that is missing fails."""
    root = Path(__file__).parent.parent.parent
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


class _Fetched(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        of_a_page = tag != "link" or told.get("rel") not in ("canonical", "prev", "next")
        if tag in LOADS and of_a_page and (address := told.get(LOADS[tag])):
            self.addresses.append(address)


def fetched(page: Path) -> Iterator[str]:
    parser = _Fetched()
    parser.feed(page.read_text(encoding="utf-8"))
    yield from parser.addresses


def test_every_page_is_there(site: Path, repository: Path) -> None:
    made = {str(page.relative_to(site).with_suffix("")) for page in site.rglob("*.html")} - {"404"}
    written = {
        str(page.relative_to(repository / "docs").with_suffix(""))
        for page in (repository / "docs").rglob("*.md")
    }
    assert made == written


def test_nothing_on_it_comes_from_another_host(site: Path) -> None:
    for page in site.rglob("*.html"):
        for address in fetched(page):
            assert not re.match(r"(https?:)?//", address), f"{page.name} loads {address}"
    for sheet in site.rglob("*.css"):
        outside = re.findall(
            r"url\([\"']?((?:https?:)?//[^)\"']+)|@import", sheet.read_text(encoding="utf-8")
        )
        assert not outside, f"{sheet.name} loads {outside}"


def test_a_page_weighs_little(site: Path) -> None:
    for page in site.rglob("*.html"):
        assert page.stat().st_size < 200_000, page.name


def test_the_columns_of_data_files_are_those_that_the_importers_tell() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == filled(page), "columns changed: run `python -m tests.docs`"


def test_every_link_of_the_readme_into_the_repository_leads_somewhere(repository: Path) -> None:
    text = (repository / "README.md").read_text(encoding="utf-8")
    for link in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert (repository / link).exists(), link
