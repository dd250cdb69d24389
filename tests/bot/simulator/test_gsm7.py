"""How texts are counted and folded for SMS."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import gsm7


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 151, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("á" * 70, 1),
        ("á" * 71, 2),
        ("á" * 134, 2),
        ("á" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("éñü¿¡ÉÑÜ" * 20, 1),
    ],
)
def test_segments(text: str, segments: int) -> None:
    assert gsm7.segments(text) == segments


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("á í ó ú Á Í Ó Ú", "a i o u A I O U"),
        ("é ñ ü ¿ ¡ É Ñ Ü", "é ñ ü ¿ ¡ É Ñ Ü"),
        ("“Los Pollitos” – ‘nido’…", "\"Los Pollitos\" - 'nido'..."),
        ("👋 Hola 👩‍👧 amiga👋\n👶🏽 bebé", "Hola amiga\nbebé"),
        ("e\u0301 n\u0303 o\u0301", "é ñ o"),
        ("Av. N° 5 • 2½ km → ovalo", "Av. No 5 - 21/2 km -> ovalo"),
    ],
)
def test_fold(written: str, folded: str) -> None:
    assert gsm7.fold(written) == folded


@given(st.text())
def test_a_folded_text_is_gsm7_and_stays_as_it_is(text: str) -> None:
    folded = gsm7.fold(text)
    assert gsm7.is_gsm7(folded)
    assert gsm7.fold(folded) == folded


def test_the_examples_in_the_documentation_hold() -> None:
    assert doctest.testmod(gsm7).failed == 0
