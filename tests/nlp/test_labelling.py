"""Messages that were hard to understand come out as rows, and go back in as training data."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random

from nlp.labelling import rows_to_label
from nlp.schema import Intent, Parse, Slot, SlotName
from nlp.training.rows import Row, read_file

DAY = date(2026, 11, 27)


def test_a_message_comes_out_marked_as_it_was_read_and_reads_back(tmp_path: Path) -> None:
    text = "busco cuna\nen comas [ya]"
    slots = (Slot(SlotName.CARE_TYPE, "cuna", 6, 10), Slot(SlotName.LOCATION, "comas", 14, 19))
    file = tmp_path / "unsure.txt"
    file.write_text(
        rows_to_label([Parse(text, Intent.FIND_CHILDCARE, 0.42, slots)], DAY, Random(1)), encoding="utf-8"
    )
    (row,) = read_file(file)
    assert isinstance(row, Row)
    assert row.text == "busco cuna en comas (ya)"
    assert [(s.slot, s.text) for s in row.slots] == [
        (SlotName.CARE_TYPE, "cuna"),
        (SlotName.LOCATION, "comas"),
    ]
    assert row.meta["writer"] == "people"
    assert "# confidence 0.42" in file.read_text()


def test_a_message_written_twice_is_labelled_once_and_nobodys_number_is_in_it() -> None:
    asked = [
        Parse(text, Intent.INFORM, 0.3)
        for text in ("mi numero 987654321", "Mi numero: 987654321", "otra cosa")
    ]
    made = rows_to_label(asked, DAY, Random(1))
    assert made.count("inform\t") == 2
    assert "98765" not in made


def test_nothing_unsure_makes_no_file() -> None:
    assert rows_to_label([], DAY, Random(1)) == ""


def test_a_name_taken_for_a_place_nobody_knows_is_gone_all_the_same() -> None:
    name = Slot(SlotName.LOCATION, "eufemia", 4, 11)
    place = Slot(SlotName.LOCATION, "eufemia", 4, 11, {"ubigeo": "150110"})
    assert "eufemia" not in rows_to_label([Parse("con eufemia", Intent.INFORM, 0.4, (name,))], DAY, Random(1))
    assert "eufemia" in rows_to_label([Parse("con eufemia", Intent.INFORM, 0.4, (place,))], DAY, Random(1))
