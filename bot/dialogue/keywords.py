"""Words that mean one thing, whoever reads them: they work with no model, and before it.

A message counts only when it is the whole of what was written, whatever its case, accents, punctuation or emoji.
"""

from __future__ import annotations

import re
import unicodedata

from nlp.schema import Intent

_WORDS: dict[Intent, str] = {
    # STOP, STOPALL, UNSUBSCRIBE, CANCEL, END and QUIT are stopped by carriers too: what we keep must agree with them.
    Intent.OPT_OUT: "baja, alto, stop, stopall, unsubscribe, cancel, end, quit, salir, detener, darme de baja,"
    " dar de baja,"
    " deme de baja, de baja, baja por favor, no mas mensajes, ya no me escriban, no me escriban, no me escriban mas,"
    " dejen de escribirme, alto a los mensajes",
    Intent.OPT_IN: "alta, start, unstop, darme de alta, dar de alta, de alta, reanudar, volver a recibir mensajes",
    Intent.DELETE_MY_DATA: "borrar mis datos, borren mis datos, borra mis datos, borre mis datos, eliminar mis datos,"
    " eliminen mis datos, elimine mis datos, borrar todo lo mio",
    Intent.EMERGENCY: "emergencia, auxilio, socorro, sos, urgente auxilio, es una emergencia",
    Intent.MORE_OPTIONS: "mas, mas opciones, otras, otros, otra, otro, ver mas, mas por favor, siguiente,"
    " hay mas, tiene mas, mas barato, mas barata, mas economico, mas economica, mas cerca, mas cercano, mas cercana",
    Intent.HELP: "ayuda, menu, info, informacion, help, como funciona, que es esto",
    Intent.TALK_TO_HUMAN: "persona, humano, operador, asesor, asesora, hablar con una persona, hablar con alguien,"
    " quiero hablar con una persona, una persona, una persona por favor",
    Intent.CANCEL: "cancelar, cancela, cancele, anular, cancelar pedido, cancelar mi pedido",
    Intent.GREET: "hola, holi, ola, alo, buenas, buenos dias, buen dia, buenas tardes, buenas noches, hola buenas,"
    " hola buenos dias, hola buenas tardes, hola buenas noches",
    Intent.THANK: "gracias, muchas gracias, mil gracias, muy amable, gracias señorita, ok gracias, adios, chau",
    Intent.AFFIRM: "si, sii, siii, ya, ok, okey, okay, claro, si claro, si por favor, ya pe, ya pues, dale, bueno,"
    " esta bien,"
    " correcto, asi es, de acuerdo, listo, exacto, si gracias",
    Intent.DENY: "no, nop, nope, nones, no gracias, nada, ninguno, ninguna, ninguno de esos, todavia no, aun no, ya no",
}
MOST_WORDS_OF_A_DECISION = 6
"""A longer text that begins with a yes or a no goes on to something else."""

_UNDECIDED = frozenset(["pero", "antes", "entiendo", "entendi", "comprendo", "puedo"])
_THUMBS = {"👍": Intent.AFFIRM, "👌": Intent.AFFIRM, "👎": Intent.DENY, "🆘": Intent.EMERGENCY}
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f]")

_NUMBER_WORDS = "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce"
_NUMBERS = _NUMBER_WORDS.split()
_OPTION = re.compile(
    r"(?:la|el|opcion|numero|nro|num|quiero la|quiero el|la opcion|la numero|el numero) (\d{1,2})"
)
_NOT_KNOWN = re.compile(
    r"\b(no (lo )?(se|sabria|sabemos|tengo idea|importa)|aun no|todavia no|todavia|cualquier\w*|da (igual|lo mismo)"
    r"|depende|flexible|variable|variado|rotativ[oa]s?|lo que (haya|sea|tengan)|como sea"
    r"|igual nomas|ningun[oa] en especial)\b"
)


_BETWEEN_WORDS = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """Small letters, digits and single spaces: what is left of any way of typing it."""
    bare = text.lower()
    if not bare.isascii():
        bare = unicodedata.normalize("NFKD", bare)
        bare = "".join(character for character in bare if not unicodedata.combining(character))
    return _BETWEEN_WORDS.sub(" ", bare).strip()


_INTENTS = {plain(word): intent for intent, words in _WORDS.items() for word in words.split(",")}


def intent_of(text: str) -> Intent | None:
    """What the message asks for, when it is a keyword and nothing else."""
    emoji = _SKIN.sub("", text.strip())
    return _INTENTS.get(plain(text)) or _THUMBS.get(emoji[:1] if set(emoji) == set(emoji[:1]) else "")


def bare_number(text: str) -> int | None:
    """The number, when the message is one and nothing else: `2`, `2.`, `dos`."""
    word = plain(text)
    if re.fullmatch(r"[0-9]{1,3}", word):
        return int(word)
    return _NUMBERS.index(word) if word in _NUMBERS else None


def option_number(text: str) -> int | None:
    """The option picked, when the message does nothing else: `la 2`, `opción 3`."""
    found = _OPTION.fullmatch(plain(text))
    return int(found[1]) if found else None


def leading_yes_or_no(text: str) -> Intent | None:
    """What a short text decides by its first word: `si borren`, `no nada`; `si no` and `no entiendo` decide nothing."""
    words = plain(text).split()
    if not 0 < len(words) <= MOST_WORDS_OF_A_DECISION or says_not_known(text) or _UNDECIDED & set(words):
        return None
    if words[0] in ("si", "sii", "siii") and "no" not in words:
        return Intent.AFFIRM
    return Intent.DENY if words[0] == "no" and "si" not in words else None


def says_not_known(text: str) -> bool:
    """`no sé todavía`, `cualquiera`, `depende`: an answer that leaves the question open for good."""
    return bool(_NOT_KNOWN.search(plain(text)))
