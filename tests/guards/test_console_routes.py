"""Every door of the console says who may come in, lets in nobody else, and takes no form that another site's page sent.

All of them are found in the application's own map: one that is added is looked at too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from bot.app import create_app
from bot.console.access import Role, guard
from bot.services import Services
from tests.support.console import browser, log_in

OPEN = {
    "/console/entrar": "the log-in",
    "/console/entrar/codigo": "the log-in's second step: shows nothing before the first",
    "/console/static/<name>": "style, script and picture, the same for everybody",
}
WITHOUT_TOKEN = ("GET", "HEAD", "OPTIONS")


def rules(app: Flask) -> Iterator[Rule]:
    return (rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/console"))


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def path(rule: Rule) -> str:
    """An address that the rule matches."""

    def filled(found: re.Match[str]) -> str:
        kind, choices = found["kind"], found["choices"]
        return choices.split(",")[0] if kind == "any" else "1" if kind else "x"

    return re.sub(r"<(?:(?P<kind>\w+)(?:\((?P<choices>[^)]*)\))?:)?\w+>", filled, rule.rule)


def test_every_door_is_below_console_and_says_the_role_it_wants_or_stands_here(services: Services) -> None:
    app = create_app(services)
    assert {rule.rule for rule in rules(app) if rule.endpoint in guard.OPEN} == OPEN.keys()
    for rule in rules(app):
        assert rule.rule.startswith("/console/")
        if rule.rule not in OPEN:
            assert isinstance(getattr(app.view_functions[rule.endpoint], "least", None), Role), rule.rule


def test_who_is_not_logged_in_comes_to_the_log_in_from_everywhere(services: Services) -> None:
    stranger = browser(services)
    doors = [
        (method, path(rule))
        for rule in rules(stranger.app)
        if rule.rule not in OPEN
        for method in methods(rule)
    ]
    assert len(doors) > 10
    for method, address in doors:
        answer = stranger.client.open(address, method=method)
        assert (answer.status_code, answer.location.split("?")[0]) == (302, "/console/entrar"), (
            method,
            address,
        )


def test_no_form_is_taken_without_the_token_of_its_page(services: Services) -> None:
    ada = log_in(services, Role.ADMINISTRATOR)
    doors = [
        (method, path(rule))
        for rule in rules(ada.app)
        for method in methods(rule)
        if method not in WITHOUT_TOKEN
    ]
    assert len(doors) > 10
    for method, address in doors:
        for form in ({}, {"csrf_token": ""}, {"csrf_token": browser(services).token()}):
            assert ada.client.open(address, method=method, data=form).status_code == 400, (method, address)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.COORDINATOR])
def test_a_role_too_low_is_refused_before_anything_is_looked_at(services: Services, role: Role) -> None:
    somebody = log_in(services, role)
    views = somebody.app.view_functions
    above = [
        (method, path(rule))
        for rule in rules(somebody.app)
        if rule.rule not in OPEN and not role.includes(views[rule.endpoint].least)  # type: ignore[attr-defined]
        for method in methods(rule)
    ]
    assert above
    for method, address in above:
        assert somebody.client.open(address, method=method).status_code == 403, (method, address)


def test_a_view_that_forgot_to_say_its_role_is_shown_to_nobody(services: Services) -> None:
    app = create_app(services)
    app.add_url_rule("/console/olvidada", "forgotten", lambda: "everything")
    assert app.test_client().get("/console/olvidada").status_code == 403


def test_pages_allow_a_browser_their_own_files_and_nothing_else(services: Services) -> None:
    ada = log_in(services, Role.ADMINISTRATOR)
    for address in ("/console/entrar", "/console/cuenta", "/console/nowhere", "/console/equipo"):
        headers = ada.client.get(address).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Frame-Options"] == "DENY"


def test_no_template_has_a_script_or_a_style_in_itself(services: Services) -> None:
    loader = create_app(services).jinja_env
    pages = [name for name in loader.list_templates() if name.startswith("console/")]
    assert pages
    for name in pages:
        text = _source(loader, name)
        assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?![^>]*\ssrc=)", text), name


def _source(environment: object, name: str) -> str:
    loader = environment.loader  # type: ignore[attr-defined]
    text: str = loader.get_source(environment, name)[0]
    return text
