"""Words that speak of danger: a second opinion beside the model, which may be unsure of a strange wording.

Alone they decide nothing (`me duele que le peguen precio alto`); they tip the scale where the model hesitates.
"""

from __future__ import annotations

import re
import unicodedata

_SIGNS = re.compile(
    r"""
    \b(?: no\ re(?:spira|acciona|sponde\ mi) | se\ (?:ahog|atrag|ator|asfix|intoxic|electrocut|quem|desmay|desangr) \w*
        | convulsi\w* | inconciente | inconsciente | morad[oa] | moret\w* | golpe\w* | sangr\w* | quemad\w*
        | pega(?:n|ron|ndo)? | pego | pegaba\w* | pegarle | pegue | maltrat\w* | violent\w* | viol[aoóe]\w* | abus\w* | tocamiento\w*
        | (?:la|lo|le|me|nos)\ (?:toca|toco|tocan|tocaba|manosea|encierra|encerro|amarra|amenaz\w*|ahorc\w*|jalone\w*|patea|mata)
        | toca\ a\ (?:mi|la|los|las)\b | manose\w* | secuestr\w* | rapt\w* | (?:se\ )?(?:la|lo)?\ ?(?:robaron|llevaron)\ (?:a\ )?(?:mi|la|al|el)
        | desaparec\w* | se\ perdio | perdid[oa] | no\ (?:aparece|lo\ encuentro|la\ encuentro|encuentro\ a\ mi)
        | veneno | lejia | kerosene | raticida | pila | pastillas | cuchillo | pistola | machete | armado
        | matar\w* | mato | morir\w* | suicid\w* | auxilio | socorro | ambulancia | bomberos | incendi\w* | humo | fuga\ de\ gas
        | encerrad[oa]s? | abandonad[oa]s? | amarrad[oa]s? | fiebre | vomita\w* | grave | accident\w* | atropell\w* | peligro
        | tengo\ miedo | me\ quiere\ hacer | hac(?:e|en|iendo)\ daño | hac(?:e|en|iendo)\ dano | borracho
    )""",
    re.VERBOSE | re.IGNORECASE,
)


def sounds_dangerous(text: str) -> bool:
    """Whether a message holds words of harm, however it is accented or spaced."""
    bare = unicodedata.normalize("NFKD", text.lower())
    bare = re.sub(r"[\W_]+", " ", "".join(c for c in bare if not unicodedata.combining(c)))
    return bool(_SIGNS.search(bare))
