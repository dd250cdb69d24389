"""What people type, and the district it means."""

import time
from typing import Any

import pytest

from nlp.places import Gazetteer


def value(gazetteer: Gazetteer, text: str, **hints: Any) -> Any:
    found = gazetteer.resolve(text, **hints)
    return found and found.value()


@pytest.mark.parametrize(
    ("typed", "ubigeo"),
    [
        ("comas", "150110"),
        ("sjl", "150132"),
        ("S.J.L.", "150132"),
        ("ves", "150142"),
        ("villa el savador", "150142"),
        ("huaycan", "150103"),
        ("canto grande", "150132"),
        ("nvo chimbote", "021809"),
        ("miraflores arequipa", "040110"),
        ("Castilla, Piura", "200104"),
        ("belen iquitos", "160112"),
        ("chilca huancayo", "120107"),
        ("chilca cañete", "150505"),
        ("sanjuan de lurigancho", "150132"),
        ("villaelsalvador", "150142"),
        ("La Victoria, Chiclayo", "140106"),
        ("por collique", "150110"),
        ("x ayacucho", "050101"),
        ("lima", "150101"),
        ("la libertad", "130101"),
        ("region san martin", "220101"),
        ("provincia de san martin", "220901"),
        ("asoc. los claveles, los olivos", "150117"),
        ("trujillo, urb. california", "130101"),
        ("yauli, yauli", "120810"),
    ],
)
def test_a_name_as_typed_means_its_district(gazetteer: Gazetteer, typed: str, ubigeo: str) -> None:
    assert value(gazetteer, typed) == {"ubigeo": ubigeo}


@pytest.mark.parametrize(
    ("typed", "candidates"),
    [
        ("miraflores", ["150122", "040110"]),
        ("la victoria", ["150115", "140106"]),
        ("san juan", ["150132", "150133"]),
        ("bellavista", ["070102", "200602", "220201", "060802"]),
        ("chilca", ["120107", "150505"]),
        ("naranjal", ["150135", "150117"]),
    ],
)
def test_a_shared_name_gives_its_larger_bearers_most_populous_first(
    gazetteer: Gazetteer, typed: str, candidates: list[str]
) -> None:
    assert value(gazetteer, typed) == {"candidates": candidates}


def test_candidates_are_at_most_six(gazetteer: Gazetteer) -> None:
    for district in gazetteer.districts():
        found = gazetteer.resolve(district.name)
        assert found is not None, district
        assert len(found.candidates) <= 6
        assert (found.ubigeo is None) == bool(found.candidates)


def test_every_district_is_found_by_name_province_and_region(gazetteer: Gazetteer) -> None:
    missed = []
    for district in gazetteer.districts():
        text = f"{district.name.lower()}, {district.province.lower()}, {district.department.lower()}"
        if value(gazetteer, text) != {"ubigeo": district.ubigeo}:
            missed.append(text)

    assert len(missed) <= 10, missed


@pytest.mark.parametrize(
    "typed",
    ["mi casa", "guarderia", "madrid", "santiago de chile", "buenos aires argentina", "lunes", "2 años", "donde sea",
     "", "   ", "🙂", "...", "xx", "حي", "presidencia", "x" * 1600],
)  # fmt: skip
def test_what_is_no_place_in_peru_is_none(gazetteer: Gazetteer, typed: str) -> None:
    assert gazetteer.resolve(typed) is None


def test_what_the_person_said_before_settles_a_shared_name(gazetteer: Gazetteer) -> None:
    assert value(gazetteer, "chilca", near_ubigeo="120101") == {"ubigeo": "120107"}
    assert value(gazetteer, "bellavista", near_ubigeo="150117") == {"ubigeo": "070102"}
    assert value(gazetteer, "buenos aires", near_ubigeo="130101") == {"ubigeo": "130111"}
    assert value(gazetteer, "california", near_ubigeo="130101") == {"ubigeo": "130111"}
    assert value(gazetteer, "comas", near_ubigeo="040101") == {"ubigeo": "150110"}


def test_another_place_in_the_message_settles_a_shared_name(gazetteer: Gazetteer) -> None:
    assert value(gazetteer, "chilca", message="busco nido en chilca, trabajo en huancayo") == {
        "ubigeo": "120107"
    }
    assert value(gazetteer, "miraflores", message="soy de arequipa y busco en miraflores") == {
        "candidates": ["150122", "040110"]
    }


def test_a_quarter_has_its_own_point_and_name_and_a_district_none(gazetteer: Gazetteer) -> None:
    quarter, district = gazetteer.resolve("collique"), gazetteer.resolve("comas")

    assert quarter is not None
    assert quarter.point == pytest.approx((-11.915, -77.02))
    assert quarter.name == "Collique"
    assert district is not None
    assert district.point is None


def test_the_label_names_the_region_only_where_the_name_is_shared(gazetteer: Gazetteer) -> None:
    assert gazetteer.label("150110") == "Comas"
    assert gazetteer.label("120206") == "Comas (Junín)"
    assert gazetteer.label("150117") == "Los Olivos"
    assert gazetteer.label("040110") == "Miraflores (Arequipa)"
    assert gazetteer.label("110107") == "Pueblo Nuevo (Ica)"
    with pytest.raises(KeyError):
        gazetteer.label("999999")


@pytest.mark.parametrize(
    ("lat", "lon", "ubigeo"),
    [
        (-12.0131, -76.8218, "150103"),  # Huaycán, in Ate
        (-11.914, -77.021, "150110"),  # Collique, in Comas
        (-16.402, -71.530, "040101"),  # Arequipa, south of the square
        (-3.7491, -73.2538, "160101"),  # Iquitos
        (-8.111, -79.028, "130101"),  # Trujillo
    ],
)
def test_a_point_lies_in_its_district(gazetteer: Gazetteer, lat: float, lon: float, ubigeo: str) -> None:
    found = gazetteer.district_at(lat, lon)

    assert found is not None
    assert found.ubigeo == ubigeo


@pytest.mark.parametrize(
    ("lat", "lon"), [(-33.45, -70.66), (-0.18, -78.47), (40.4, -3.7), (-16.5, -68.15), (0, 0)]
)
def test_a_point_far_outside_peru_is_in_no_district(gazetteer: Gazetteer, lat: float, lon: float) -> None:
    assert gazetteer.district_at(lat, lon) is None


def test_a_hostile_text_costs_little(gazetteer: Gazetteer) -> None:
    began = time.process_time()
    for text in ("comas " * 300, "la la de los " * 200, "san " * 400, "qwrt " * 300):
        gazetteer.resolve(text, message=text)

    assert time.process_time() - began < 1.0
