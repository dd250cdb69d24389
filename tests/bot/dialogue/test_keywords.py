"""Words that need no model."""

from __future__ import annotations

import pytest

from bot.dialogue.keywords import bare_number, intent_of, option_number, says_not_known
from nlp.schema import Intent


@pytest.mark.parametrize(
    ("written", "intent"),
    [
        ("MAS", Intent.MORE_OPTIONS),
        ("más", Intent.MORE_OPTIONS),
        ("Ayuda!", Intent.HELP),
        ("MENÚ", Intent.HELP),
        ("*PERSONA*", Intent.TALK_TO_HUMAN),
        ("Cancelar.", Intent.CANCEL),
        ("¡BAJA!", Intent.OPT_OUT),
        ("alta", Intent.OPT_IN),
        ("borrar mis datos", Intent.DELETE_MY_DATA),
        ("Sí", Intent.AFFIRM),
        ("👍🏽", Intent.AFFIRM),
        ("👍👍", Intent.AFFIRM),
        ("no gracias", Intent.DENY),
        ("🆘", Intent.EMERGENCY),
        ("la mas baja", None),
        ("alto al fuego en ate", None),
        ("", None),
        ("😀", None),
    ],
)
def test_a_keyword_is_the_whole_message_however_it_is_typed(written: str, intent: Intent | None) -> None:
    assert intent_of(written) is intent


def test_numbers_and_options_are_read_only_alone() -> None:
    assert [bare_number(text) for text in ("2", " 2. ", "Dos", "2 años", "")] == [2, 2, 2, None, None]
    assert [option_number(text) for text in ("la 2", "opción 3", "la 2 no")] == [2, 3, None]


@pytest.mark.parametrize(
    "written", ["no sé todavía", "cualquiera", "depende de mi turno", "me da igual", "aún no"]
)
def test_not_knowing_is_an_answer(written: str) -> None:
    assert says_not_known(written)
