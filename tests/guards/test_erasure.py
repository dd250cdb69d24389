"""Where something of a person may be kept, and how it goes. A new table must be put in its place here."""

from __future__ import annotations

from bot.store.tables import Base

REACHED_OTHERWISE = {
    "contact": "the person's own row, which is deleted last",
    "offer": "goes with the parent's request and with the provider",
    "provider": "is deleted by providers.erase when the person is one; imported ones by their operator",
    "hub": "a public place",
    "resource": "something to learn from",
    "last_look": "when we last looked at something",
}


def test_every_table_goes_with_its_person_or_stands_here_with_the_reason() -> None:
    for table in Base.metadata.sorted_tables:
        if table.name in REACHED_OTHERWISE:
            continue
        (key,) = table.columns["contact_id"].foreign_keys
        assert (key.column.table.name, key.ondelete) == ("contact", "CASCADE"), table.name


def test_no_reason_stands_here_for_a_table_that_is_gone() -> None:
    assert REACHED_OTHERWISE.keys() <= {table.name for table in Base.metadata.sorted_tables}


def test_whatever_points_to_a_person_or_what_is_theirs_is_deleted_with_it() -> None:
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            assert key.ondelete == "CASCADE", f"{table.name}.{key.parent.name}"
