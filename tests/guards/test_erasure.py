"""Where something of a person may be kept, and how it goes. A new table must be put in its place here."""

from __future__ import annotations

from bot.store.tables import Base

REACHED_OTHERWISE = {
    "contact": "the person's own row, which is deleted last",
    "offer": "goes with the parent's request and with the provider",
    "provider": "is deleted by providers.erase when the person is one; imported ones by their operator",
    "provider_check": "goes with the provider; what was checked goes when they leave, or ask to be forgotten",
    "upload": "a file that an operator is about to take in: an hour at most",
    "hub": "a public place",
    "resource": "something to learn from",
    "last_look": "when we last looked at something",
    "operator": "one of us, not one of those who write to us",
    "recovery_code": "goes with the operator",
    "operator_session": "goes with the operator",
    "label": "what an operator said of a message (to_label), with which it goes",
    "tally": "counts of families by district and week; nobody is in it",
    "message_tally": "counts of messages by region and week; nobody is in it",
    "audit_entry": "names rows by their ids, and holds nothing of a person",
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
