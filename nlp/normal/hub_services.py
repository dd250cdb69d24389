"""What is wanted at a hub, from nouns and verbs: `imprimir`, `cargar el celu`, `cabinas`, `laptop`, `clase por
zoom`.

Photocopies and plain copies count as `printing`, the nearest of the schema's eight and done on the same
machine. A call is named before the machine or the lesson it is for (`clase por zoom`); a machine before its
line (`computadora con internet`). Otherwise the first service named counts.
"""

from __future__ import annotations

import re

from nlp.normal.words import Lexicon, fold

_WORDS = Lexicon(
    {
        "printing": "imprimir imprimo imprima imprime imprimen imprimirlo impresion impresiones impresora "
        "impresoras imprimi imprenta imprecion impreso impresos copia copias copiar copiadora "
        "copitas fotocopia fotocopias fotocopiar fotocopiadora",
        "scanning": "escanear escaneo escaner scanner scaner escanner scan escan escanea escaneado escanean "
        "digitalizar",
        "charging": "cargar cargo carga cargarlo cargador cargadores recargar enchufe enchufes enchufar "
        "tomacorriente tomacorrientes cargan corriente electricidad bateria pila",
        "video_call": "videollamada videollamadas videoyamada videollamar videoconferencia "
        "videoconferencias zoom zum sum meet mit gmeet teams skype virtual videochat",
        "video": "video videos vidio",
        "call": "llamada llamadas llamar conferencia",
        "wifi": "wifi wifii wayfay waifai guifi guaifai wfi huifi",
        "wi": "wi way wai",
        "fi": "fi fay fai",
        "computer": "computadora computadoras compu compus computador computadores pc pcs laptop laptops "
        "lap laptos notebook ordenador maquina maquinas maquinita tablet tablets computo "
        "computacion_sala lapto kompu computadorita",
        "internet": "correo senal internet interne intenet internert ineternet internt inter cabina cabinas navegar "
        "conexion conectarme conectarse conectar red ciber cyber siber cibercafe cybercafe "
        "megas datos online",
        "training": "taller talleres curso cursos cursito clase clases clasecitas capacitacion "
        "capacitaciones capacitar capacitarme capacitan capacitarse charla charlas aprender "
        "ensenan ensenar ensene ensenen asesoria entrenamiento tutoria lecciones",
        "phone": "celular celulares celu celus cel telefono fono movil",
    },
    known="clave casa copa cara caro largo para con por una sala red linea recargas lugar libre comida",
)
_BEFORE_OTHERS = (
    ("video_call", re.compile(r"\bvideo_call\b|\bvideo call\b|\bcall (?:por|x) video\b")),
    ("wifi", re.compile(r"\bwifi\b|\bwi ?[-.]? ?fi\b")),
    ("computer", re.compile(r"\bcomputer\b(?= (?:con|y) internet)")),
)
_SERVICES = re.compile(r"\b(printing|scanning|charging|computer|internet|training)\b")


def hub_service(span: str) -> str | None:
    """One of the schema's hub services."""
    clean = _WORDS.clean(fold(span))
    for service, pattern in _BEFORE_OTHERS:
        if pattern.search(clean):
            return service
    found = _SERVICES.search(clean)
    return found[1] if found else None
