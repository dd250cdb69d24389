"""Words that speak of danger: a second opinion beside the model, which may be unsure of a strange wording.

Single words decide nothing alone (`me duele que le peguen precio alto`); they tip the scale where the model hesitates.
A few sentences can hardly mean anything else, and decide: a false alarm costs little, a missed one a child.
"""

from __future__ import annotations

import re
import unicodedata

_DISASTER = r"(hu?ay?[yi]c\w+|aluvion|derrumb\w+|desliz\w+|inunda\w+|desbord\w+|terremoto|incendi\w+)"
_COMING_DOWN = (
    r"((baj|ca|rued|vien)\w* (las? |los? |el )?(piedras?|rocas?|lodo|barro|cerro)"
    r"|(suen|rug|crec|carg)\w* (\w+ )?(la |el )?(quebrada|rio)|(quebrada|rio) (\w+ )?(suen|rug|crec|carg)\w*)"
)
_CHILD = r"(bebe|bb|hij[oa]s?|hijit[oa]s?|nin[oa]s?|niet[oa]s?|wawas?|peque|chiquit[oa]s?)"

_SIGNS = (
    # breath, falls, fire, poison
    r"no (respira|reacciona|despierta)|se (ahog|atrag|ator|asfix|intoxic|electrocut|quem|desmay|desangr)\w*",
    r"convulsi\w*|inconciente|inconsciente|morad[oa]|moret\w*|sangr\w*|quemad\w*|grave|fiebre|vomita\w*",
    r"veneno|lejia|kerosene|raticida|pila|pastillas|incendi\w*|humo|fuga de gas|accident\w*|atropell\w*",
    # blows, abuse, threats
    r"golp\w*|peg(a|an|o|ue|aba|aban|aron|ando|arle|arme)|maltrat\w*|violent\w*|viol(a|o|an|aron|ada|ado|acion)",
    r"abus\w*|tocamiento\w*|manose\w*|(la|lo|le|les|me) (toca|toco|tocan|tocaba|encierra|encerro|encierran|amarra)",
    r"toca a (mi|la|las|los)|encerrad[oa]s?|amarrad[oa]s?|amenaz\w*|ahorc\w*|jalone\w*|patea\w*|cuchillo|pistola",
    r"machete|armado|borracho|tengo miedo|hac(e|en|iendo) dano|peligro",
    # gone, left alone
    r"secuestr\w*|rapt\w*|(se )?(la|lo)? ?(robaron|llevaron) (a )?(mi|la|al|el)|desaparec\w*|se perdio|perdid[oa]",
    r"no (aparece|lo encuentro|la encuentro|encuentro a mi)|abandonad[oa]s?",
    # rivers of mud, falling rocks, floods, quakes
    rf"{_DISASTER}|{_COMING_DOWN}|atrapad[oa]s?",
    # death, calls for help
    r"mat(ar|arme|arse|arla|arlo|arnos|o|a)|morir\w*|suicid\w*|auxilio|socorro|ambulancia|bomberos",
)
_DANGER = re.compile(rf"\b({'|'.join(_SIGNS)})\b")

_DECIDING = re.compile(
    r"\b("
    r"(me|nos|le|lo|la|les) estan? (pegando|golpeando|maltratando|ahorcando|violando)"
    r"|mi (esposo|marido|pareja|conviviente|ex|papa|padre|padrastro|enamorado) (me|nos|le|lo|la|les) "
    r"(pega|pego|golpea|golpeo|maltrata|viola|violo|amenaza|quiere matar)"
    r"|me (pega|golpea|maltrata) mi (esposo|marido|pareja|conviviente|ex|papa|padre|padrastro|enamorado)"
    r"|(mi|el|la) (bebe|bb|hij[oa]|hijit[oa]|nin[oa]|wawa) (ya )?no (respira|reacciona|despierta)"
    r"|no (h?all[oa]|encuentr[oa]|aparecen?) (a ?|ya )?(mi|el|la|su) (bebe|bb|hij[oa]|hijit[oa]|nin[oa]|niet[oa]|wawa)"
    r"|a?(mi|el|la|su) (bebe|bb|hij[oa]|hijit[oa]|nin[oa]|niet[oa]|wawa) se (me )?(perdio|extravio|ha perdido)"
    r"|se (me )?(perdio|extravio|ha perdido) (mi|el|la) (bebe|bb|hij[oa]|hijit[oa]|nin[oa]|niet[oa]|wawa)"
    r"|(ya )?no quiero (seguir viviendo|vivir( mas| asi)?)|quit(ar)?me la vida|me quiero (matar|morir)|suicidarme"
    # who takes leave of life
    r"|(canse|cansad[oa]|hart[oa]|aburrid[oa]) de "
    r"(la vida|vivir(?! (lejos|en|con|sol|aqui|alla|por|del?|entre|alquil)))"
    r"|(ya )?no (le )?(veo|encuentro) sentido a (la|mi) vida"
    r"|(va|van|vas|estar\w*|estaria\w*|vivir\w*) (a )?(e?star |vivir |ser )?(mejor|mjor|mejr|mas feli\w+) sin mi"
    # an adult's secret with a child
    r"|(es|nuestro|un) secreto (de (nosotros|los dos)|entre (nosotros|los dos|ellos))"
    # a girl, by him who has her in his care
    r"|embarazada (por|de) (su|el) (profe\w*|padrastro|tio|abuelo|papa|padre|primo|hermano)"
    # nobody where the child was left
    rf"|(fui|fue|vine|llegue|vengo|toy|estoy) (a )?(por|x|recoger|recojer|traer|buscar) (a )?mi {_CHILD} y (ya )?no "
    r"(h?ay nadie|e?s?ta\w*|abren?|contestan?|sale nadie|me abren?)"
    # the children alone where the earth or the water comes
    rf"|{_DISASTER} .*\b(mis?|los|las|nuestros) {_CHILD} (\w+ )?(sol[oa]s|solit[oa]s?|adentro|atrapad[oa]s?)"
    rf"|(mis?|los|las) {_CHILD} (\w+ )?(sol[oa]s|solit[oa]s?|adentro|atrapad[oa]s?)\b.* {_DISASTER}"
    r"|huele a gas|fuga de gas|se esta (ahogando|asfixiando|quemando|desangrando)"
    r")\b"
)


def speaks_of_danger(text: str) -> bool:
    """Whether a message says that somebody is in danger, in a sentence that can hardly mean anything else."""
    return bool(_DECIDING.search(_bare(text)))


def sounds_dangerous(text: str) -> bool:
    """Whether a message holds words of harm, however it is accented or spaced."""
    return bool(_DANGER.search(_bare(text)))


def _bare(text: str) -> str:
    """Small letters without accents, single spaces, nothing else."""
    letters = unicodedata.normalize("NFKD", text.lower())
    return re.sub(r"[\W_]+", " ", "".join(c for c in letters if not unicodedata.combining(c)))
