"""What a Prometheus reads from the bot."""

from __future__ import annotations

import requests
from prometheus_client.parser import text_string_to_metric_families

Values = dict[tuple[str, frozenset[tuple[str, str]]], float]


def scrape(bot_url: str) -> tuple[Values, str]:
    """The values, by sample and labels, and the text as it came."""
    answer = requests.get(f"{bot_url}/metrics", timeout=20)
    assert answer.status_code == 200, answer.text
    values = {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    return values, answer.text


def value(values: Values, sample: str, **labels: str) -> float | None:
    """None: there is none with exactly these labels."""
    return values.get((sample, frozenset(labels.items())))
