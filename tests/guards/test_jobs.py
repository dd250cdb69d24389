"""Jobs are named by path, since the bot does not import the workers: each path must lead somewhere."""

from __future__ import annotations

from importlib import import_module

import pytest

from bot import jobs


@pytest.mark.parametrize("path", sorted(jobs._QUEUE_OF))
def test_every_job_path_leads_to_a_function(path: str) -> None:
    module, _, name = path.rpartition(".")
    assert callable(getattr(import_module(module), name))
