"""Places: what people call them, which district they are in, and the tables that say so."""

from nlp.places.gazetteer import Gazetteer
from nlp.places.importing import ImportReport, Problem, import_national
from nlp.places.names import titled
from nlp.places.national import NationalTableError
from nlp.places.schema import District, Resolution

__all__ = [
    "District",
    "Gazetteer",
    "ImportReport",
    "NationalTableError",
    "Problem",
    "Resolution",
    "import_national",
    "titled",
]
