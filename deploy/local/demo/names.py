"""Names that belong to nobody: places named after things that no one builds, women by first name and an
initial."""

from __future__ import annotations

from collections.abc import Iterator

MARK = " (demo)"
"""Ends every name, so that nobody takes it for real; with it a name still fits the 28 characters of an
SMS."""

_THINGS = """
    Luna Sol Pez Nube Pato Gato Oso Rana Mono Río Flor Cuy Tren Globo Barco Grillo Llama Trompo Zorro Lago Cometa Tambor
    Puma Faro Árbol
"""
_STUFFS = "Lana Papel Miel Trapo Maíz Cartón Menta Quinua Tiza Canela Paja Cacao Trigo Lúcuma Caña Totora"
_WOMEN = """
    Yeni Rosa Maribel Nélida Flor Gladys Luz Norma Elsa Julia Carmen Noemí Edith Rocío Vilma Janet Karina Ruth
    Doris Hilda Olga Betty Nancy Silvia Marleny Yolanda Irma Delia Sonia Martha Eulalia Fortunata Sabina
    Jacinta Felícita Milagros Yesenia Lizbeth Maruja Teófila Amelia Ofelia Zoila Aydé Nilda Clorinda Epifania
    Lidia Esther Raquel
"""
THINGS = tuple(_THINGS.split())
STUFFS = tuple(_STUFFS.split())
WOMEN = tuple(_WOMEN.split())
INITIALS = "QMCHRTPVSLFGABYZ"


def fancies() -> Iterator[str]:
    """`Luna de Lana`, `Sol de Papel`, …: each once, neighbours unlike each other."""
    for turn in range(len(STUFFS)):
        for number, thing in enumerate(THINGS):
            yield f"{thing} de {STUFFS[(turn + number) % len(STUFFS)]}"


def women() -> Iterator[str]:
    """`Yeni Q.`, `Rosa M.`, …: each once."""
    for turn in range(len(INITIALS)):
        for number, woman in enumerate(WOMEN):
            yield f"{woman} {INITIALS[(turn + number) % len(INITIALS)]}."
