"""Every command in the docs: run where it can be, and known where it cannot."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml

from bot.app import create_app
from bot.cli import ayllu
from bot.services import Services
from bot.settings import Settings
from deploy.roles import ROLES
from tests.bot.doctor.test_doctor import at_work  # noqa: F401 - a worker and a scheduler, for `ayllu doctor`
from tests.bot.doctor.test_doctor import environment as environment_of
from tests.docs.blocks import ROOT, Block, blocks, named_commands, pages
from tests.support.carrier import LocalCarrier

PASSED_ON = {"evaluate"}
"""Commands that hand their words to another program."""


# ---------------------------------------------------------------- run


@pytest.mark.usefixtures("at_work")
@pytest.mark.parametrize("block", [block for block in blocks() if block.tested], ids=str)
def test_what_is_shown_is_what_happens(
    block: Block, services: Services, carrier: LocalCarrier, tmp_path: Path
) -> None:
    carrier.bot_door.app = create_app(services)
    assert block.kind == "console", f"{block}: a tested block shows commands after $, and what they print"
    for command, expected in block.told:
        done = run(command, services.settings, tmp_path)
        assert done.returncode == 0, f"{block}: {command}\n{done.stdout}{done.stderr}"
        assert fits(expected, done.stdout), f"{block}: {command} printed\n{done.stdout}\nand not\n{expected}"


def run(command: str, settings: Settings, folder: Path) -> subprocess.CompletedProcess[str]:
    """As somebody would who follows the page, with a server's folders in a folder of the test's."""
    for path in ("/var/backups/ayllu", "/etc/ayllu"):
        command = command.replace(path, str(folder / path.removeprefix("/")))
    bin_folder = str(Path(sys.executable).parent)
    kept = {name: value for name, value in os.environ.items() if name in ("HOME", "PYTHONPATH")}
    given = environment_of(settings) | {"PATH": f"{bin_folder}:{os.environ['PATH']}"}
    return subprocess.run(
        ["bash", "-c", command],
        cwd=ROOT,
        env=kept | given,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def fits(expected: str, printed: str) -> bool:
    """`...` and `…` stand for anything; the folders of a server for any."""
    parts = [re.escape(part) for part in re.split(r"\.\.\.|…", expected.strip())]
    pattern = ".*".join(parts).replace("/var/backups/ayllu", r"\S*/var/backups/ayllu")
    return re.search(pattern, printed, re.DOTALL) is not None


# ---------------------------------------------------------------- known


def test_some_blocks_are_run() -> None:
    assert sum(block.tested for block in blocks()) >= 4


@pytest.mark.parametrize(
    ("where", "words"),
    list(named_commands()),
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_every_command_that_is_named_exists_with_its_options(where: str, words: list[str]) -> None:
    if words[0] == "make":
        check_make(where, words[1:])
    else:
        check_ayllu(where, words[1:])


def check_make(where: str, words: list[str]) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    for word in words:
        assert word.startswith("-") or "=" in word or word in targets, f"{where}: make has no {word}"


def check_ayllu(where: str, words: list[str]) -> None:
    command: click.Command = ayllu
    rest = list(words)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        assert rest[0] in command.commands, f"{where}: ayllu has no {' '.join(words)}"
        command = command.commands[rest.pop(0)]
    if command.name in PASSED_ON:
        return
    known = {option for param in command.params for option in param.opts} | {"--help"}
    unknown = {word.split("=")[0] for word in rest if word.startswith("--")} - known
    assert not unknown, f"{where}: ayllu {' '.join(words)}: no option {unknown}"


def test_every_command_of_the_program_is_told_of_somewhere() -> None:
    told = {" ".join(words[1:]) for _, words in named_commands() if words[0] == "ayllu"}
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages())
    for name, command in ayllu.commands.items():
        known = any(one.split()[:1] == [name] for one in told) or f"`ayllu {name}" in text
        assert known, f"no page tells of `ayllu {name}`"
        assert command.help, name


def test_every_target_of_make_is_told_of_somewhere() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    told = {word for _, words in named_commands() if words[0] == "make" for word in words[1:]}
    assert set(re.findall(r"^([a-z-]+):.*##", makefile, re.MULTILINE)) - {"help"} <= told


def test_every_file_of_deploy_that_is_named_exists() -> None:
    for page in pages():
        for path in re.findall(
            r"(?<![\w/])(?:/opt/ayllu/)?(deploy/[\w./-]+\w)", page.read_text(encoding="utf-8")
        ):
            assert (ROOT / path).exists() or list(ROOT.glob(path)), f"{page.name}: there is no {path}"


def test_every_unit_and_service_that_is_named_exists() -> None:
    units = {path.name for path in (ROOT / "deploy" / "systemd").iterdir()}
    services = yaml.safe_load((ROOT / "deploy" / "compose" / "compose.yaml").read_text(encoding="utf-8"))[
        "services"
    ]
    for block in blocks():
        for command in block.commands:
            for unit in re.findall(r"ayllu[\w-]*(?:@\d)?\.(?:service|target|timer)", command):
                assert re.sub(r"@\d", "@", unit) in units, f"{block}: there is no {unit}"
            if found := re.search(r"compose\.yaml (?:exec|run --rm) (\w+)", command):
                assert found[1] in services, f"{block}: compose has no {found[1]}"
            if found := re.search(r"deploy\.roles (\w+)", command):
                assert found[1] in ROLES, f"{block}: there is no role {found[1]}"


def test_every_alert_is_told_what_to_do_about(repository: Path) -> None:
    text = (repository / "docs" / "monitoring.md").read_text(encoding="utf-8")
    alerts = (repository / "deploy" / "monitoring" / "alerts.yml").read_text(encoding="utf-8")
    rules = {rule["alert"] for rule in yaml.safe_load(alerts)["groups"][0]["rules"]}
    assert set(re.findall(r"`(Ayllu\w+)`", text)) == rules
