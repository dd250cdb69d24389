"""How long the web process takes over requests, and how they end. By the route's rule, never by what was asked for."""

from __future__ import annotations

import os
import time

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 15.0)
"""Up to the 15 seconds after which the carrier hangs up."""

NO_ROUTE = "none"


def measure(app: Flask, registry: CollectorRegistry) -> None:
    """Count every request of the application, and show it in the registry. Where several processes serve together, each
    writes into the folder that PROMETHEUS_MULTIPROC_DIR names (deploy/web.py), and any of them shows the sum."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    seconds = Histogram(
        "ayllu_web_request_seconds",
        "Time from a request to its answer",
        ["route", "status"],
        buckets=BUCKETS_S,
        registry=None if folder else registry,
    )
    if folder:
        MultiProcessCollector(registry, folder)

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else NO_ROUTE
        if (began := g.get("began")) is not None:
            seconds.labels(route, str(response.status_code)).observe(time.perf_counter() - began)
        return response
