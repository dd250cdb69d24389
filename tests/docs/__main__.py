"""`python -m tests.docs`: write the importers' columns into docs/data.md."""

from tests.docs.columns import PAGE, filled

PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
