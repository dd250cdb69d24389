"""The columns of data files, as the importers' own words tell them, in docs/data.md."""

from __future__ import annotations

import importlib
import re
import textwrap
from pathlib import Path

PAGE = Path(__file__).parent.parent.parent / "docs" / "data.md"
_PART = re.compile(r"(<!-- columns: ([\w.]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(page: str) -> str:
    """The page with today's columns in place."""
    return _PART.sub(lambda part: f"{part[1]}\n```text\n{columns(part[2])}\n```\n\n{part[3]}", page)


def columns(module: str) -> str:
    """The indented table in the module's docstring."""
    told = importlib.import_module(module).__doc__ or ""
    lines = told.splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith("    column"))
    table = []
    for line in lines[first:]:
        if line and not line.startswith("    "):
            break
        table.append(line)
    return textwrap.dedent("\n".join(table)).strip()
