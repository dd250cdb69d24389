from collections.abc import Callable
from pathlib import Path

import pytest

from nlp.places import Gazetteer, import_national

VILLAGES = """inei_ccpp,inei_distrito,ccpp,tipo,latitude,longitude
1501100001,150110,COMAS,Urban,-11.9572,-77.0494
0401010099,040110,COMAS,Rural,-16.39,-71.51
0509020001,050902,CHIRIBAMBA,Rural,-13.90,-73.90
1201140007,120114,COCHAS CHICO,Rural,-12.000,-75.195
1201140008,120114,SAN PEDRO,Rural,-12.020,-75.200
2004010002,200401,YAPATERA,Urban,-5.070,-80.130
2004010003,200401,PALO BLANCO,Rural,-5.060,-80.020
1404010003,140305,PALO BLANCO,Rural,-6.520,-79.860
0802010001,080201,PILLCOBAMBA,Rural,-13.900,-71.680
"""


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file and returns its path."""

    def write(content: str, name: str = "table.csv") -> Path:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return write


@pytest.fixture
def national(tmp_path: Path, table: Callable[..., Path]) -> Gazetteer:
    """A gazetteer with a small imported table."""
    out = tmp_path / "places.sqlite"
    assert import_national(table(VILLAGES), out).ok
    return Gazetteer.load(out)
