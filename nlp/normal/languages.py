"""Languages asked for or spoken: five have one spelling in the schema, others stay as written. Spanish is no
value.
"""

from __future__ import annotations

from nlp.normal.words import Lexicon, fold

_WORDS = Lexicon(
    {
        "quechua": "quechua kechua kechwa keshwa qechwa quechwa qichwa kichwa quichua quishua runasimi "
        "quechuita quechua_ayacuchano",
        "aymara": "aymara aimara ajmara aymarita",
        "ashaninka": "ashaninka ashaninca asaninka asheninka ashanika achaninka",
        "shipibo": "shipibo sipibo shipiba chipibo",
        "awajun": "awajun aguajun aguaruna awaruna ahuajun huajun",
        "spanish": "castellano espanol",
    }
)


def language(span: str) -> str | None:
    """The schema's name of the language, or the span where it has none."""
    for word in _WORDS.clean(fold(span)).split():
        if word in ("quechua", "aymara", "ashaninka", "shipibo", "awajun"):
            return word
    return None if "spanish" in _WORDS.clean(fold(span)).split() else span
