"""What is stored tells nothing without its key, and logs tell no number."""

import logging

import pytest

from bot.logs import MaskingFormatter, mask
from bot.store.crypto import Vault, VaultError


def test_what_is_sealed_opens_with_the_same_secret_only() -> None:
    sealed = Vault("one secret").seal("vivo en collique")
    assert b"collique" not in sealed
    assert Vault("one secret").open(sealed) == "vivo en collique"
    with pytest.raises(VaultError, match="SECRET_KEY"):
        Vault("another secret").open(sealed)


def test_a_number_is_looked_up_by_a_hash_that_needs_the_secret() -> None:
    key = Vault("one secret").look_up_key("+51987654321")
    assert key == Vault("one secret").look_up_key("+51987654321")
    assert key != Vault("another secret").look_up_key("+51987654321")


@pytest.mark.parametrize("written", ["+51987654321", "whatsapp:+51987654321", "987 654 321", "987-654-321"])
def test_a_number_is_masked_however_it_is_written(written: str) -> None:
    assert "9876" not in mask(f"from {written}!")


def test_short_figures_are_left_to_be_read() -> None:
    assert mask("inbound 1234 took 250 ms, error 63016") == "inbound 1234 took 250 ms, error 63016"


def test_a_traceback_is_masked_too() -> None:
    try:
        raise ValueError("no such contact +51987654321")
    except ValueError:
        import sys

        record = logging.LogRecord("bot", logging.ERROR, "", 1, "failed", (), sys.exc_info())
    assert "987654" not in MaskingFormatter("%(message)s").format(record)
