"""The examples in the docstrings are true."""

from __future__ import annotations

import doctest
from types import ModuleType

import pytest

from matching import geo, money, terms, week


@pytest.mark.parametrize("module", [geo, money, terms, week])
def test_examples(module: ModuleType):
    failed, tried = doctest.testmod(module)
    assert tried > 0
    assert failed == 0
