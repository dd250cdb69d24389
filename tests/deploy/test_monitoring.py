"""Alert rules and dashboard ask for metrics that there are, with labels and values that they have."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from promql_parser import MatchOp

from bot.services import Services
from bot.simulator.faults import Trouble
from tests.support.carrier import LocalCarrier
from tests.support.metrics import scrape
from tests.support.phone import Town

OF_PROMETHEUS = {"up": {"job"}}
"""What it adds of its own."""


@pytest.fixture
def shown(services: Services, carrier: LocalCarrier) -> dict[str, list[dict[str, str]]]:
    """Every metric there is, and the labels of its values, after one was answered, and another could not be."""
    town = Town(services, carrier)
    carrier.fail("+51900000033", trouble=Trouble.UNREACHABLE)
    town.ask("+51900000033", "sms", "hola")
    town.ask("+51900000011", "sms", "hola")
    values, told = scrape(carrier.bot_url)
    found: dict[str, list[dict[str, str]]] = {name: [] for name in re.findall("(?m)^# TYPE ([a-z_]+)", told)}
    for name, labels in values:
        found.setdefault(name, []).append(dict(labels))
    return found


def monitoring(repository: Path, file: str) -> str:
    return (repository / "deploy" / "monitoring" / file).read_text(encoding="utf-8")


def rules(repository: Path) -> list[dict[str, Any]]:
    (group,) = yaml.safe_load(monitoring(repository, "alerts.yml"))["groups"]
    return list(group["rules"])


def questions(repository: Path) -> dict[str, str]:
    """Every expression, by the name of its rule or panel."""
    panels = json.loads(monitoring(repository, "dashboard.json"))["panels"]
    return {rule["alert"]: rule["expr"] for rule in rules(repository)} | {
        f"{panel['title']}, {target['refId']}": target["expr"]
        for panel in panels
        for target in panel["targets"]
    }


def selectors(node: Any) -> Iterator[Any]:
    """What an expression reads, however deep."""
    if isinstance(node, promql_parser.VectorSelector):
        yield node
    for name in ("expr", "lhs", "rhs", "param", "vector_selector"):
        if (part := getattr(node, name, None)) is not None:
            yield from selectors(part)
    for part in getattr(node, "args", ()):
        yield from selectors(part)


def test_every_metric_label_and_value_they_name_exists(
    repository: Path, shown: dict[str, list[dict[str, str]]]
) -> None:
    asked = questions(repository)
    assert len(asked) > 20
    for name, expression in asked.items():
        read = list(selectors(promql_parser.parse(expression)))
        assert read, name
        for selector in read:
            check(name, selector, shown)


def check(name: str, selector: Any, shown: dict[str, list[dict[str, str]]]) -> None:
    if selector.name in OF_PROMETHEUS:
        assert {matcher.name for matcher in selector.matchers.matchers} <= OF_PROMETHEUS[selector.name]
        return
    assert selector.name in shown, f"{name}: there is no {selector.name}"
    for matcher in selector.matchers.matchers:
        values = {labels.get(matcher.name) for labels in shown[selector.name]}
        assert values - {None}, f"{name}: {selector.name} has no label {matcher.name}"
        if matcher.op is MatchOp.Equal and not selector.name.startswith("ayllu_web_"):
            assert matcher.value in values, f"{name}: {selector.name} has no {matcher.name} {matcher.value}"


def test_what_is_missing_would_be_found(shown: dict[str, list[dict[str, str]]]) -> None:
    for wrong in (
        "ayllu_message_in",
        'ayllu_messages_in{way="sms"}',
        'ayllu_messages_in{channel="telegram"}',
    ):
        (selector,) = selectors(promql_parser.parse(f"sum(rate({wrong}[5m])) > 1"))
        with pytest.raises(AssertionError):
            check("wrong", selector, shown)


def test_every_alert_says_what_is_so_and_how_urgent_it_is(repository: Path) -> None:
    for rule in rules(repository):
        assert rule["labels"]["severity"] in ("page", "ticket"), rule["alert"]
        assert rule["annotations"]["summary"].endswith("."), rule["alert"]


def test_prometheus_reads_the_rules_beside_it(repository: Path) -> None:
    assert yaml.safe_load(monitoring(repository, "prometheus.yml"))["rule_files"] == ["alerts.yml"]
