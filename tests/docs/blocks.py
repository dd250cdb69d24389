"""The blocks of commands in the docs, and the commands in them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TESTED = "<!-- tested -->"
SHELLS = ("sh", "console")
_FENCE = re.compile(
    r"^(?P<mark><!-- tested -->\n)?```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE
)
_INLINE = re.compile(r"(?<!`)`((?:\.venv/bin/)?(?:ayllu|make) [^`]+)`")
_OPERATORS = re.compile(r"[();<>|&]+")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block. `tested`: its commands are run, and what they print is compared."""

    page: str
    line: int
    kind: str
    text: str
    tested: bool

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def told(self) -> list[tuple[str, str]]:
        """Each command of a `console` block, and what it is said to print."""
        found: list[tuple[str, str]] = []
        for line in self.text.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], ""))
            elif found:
                command, output = found[-1]
                found[-1] = (command, f"{output}{line}\n")
        return found

    @property
    def commands(self) -> list[str]:
        if self.kind == "console":
            return [command for command, _ in self.told]
        return [line for line in self.text.replace("\\\n", " ").splitlines() if line.strip()]


def pages() -> list[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks() -> list[Block]:
    """Every block of commands in every page."""
    found = []
    for page in pages():
        text = page.read_text(encoding="utf-8")
        for fence in _FENCE.finditer(text):
            if fence["kind"] in SHELLS:
                line = text.count("\n", 0, fence.start()) + 1
                name = str(page.relative_to(ROOT))
                found.append(Block(name, line, fence["kind"], fence["text"], bool(fence["mark"])))
    return found


def simple_commands(command: str) -> Iterator[list[str]]:
    """The words of each command of a line, between the shell's operators."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words: list[str] = []
    for word in lexer:
        if _OPERATORS.fullmatch(word):
            yield words
            words = []
        else:
            words.append(word)
    yield words


def named_commands() -> Iterator[tuple[str, list[str]]]:
    """Where each `ayllu …` and `make …` stands, in a block or in a line, and its words."""
    for block in blocks():
        for command in block.commands:
            for words in simple_commands(command):
                names = [word.split("/")[-1] for word in words]
                at = next((at for at, name in enumerate(names) if name in ("ayllu", "make")), None)
                if at is not None and (at == 0 or names[at - 1] in ("web", "sudo")):
                    yield str(block), [names[at], *words[at + 1 :]]
    for page in pages():
        for found in _INLINE.finditer(page.read_text(encoding="utf-8")):
            words = shlex.split(found[1].replace("…", ""), comments=True)
            yield page.name, [words[0].split("/")[-1], *words[1:]]
