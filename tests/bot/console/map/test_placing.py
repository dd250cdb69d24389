"""The part of a form that says where something is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.app import create_app
from bot.console.map.placing import Placing, nowhere_yet, placed_at, read_placing
from bot.services import Services
from matching.schema import Point
from tests.support.console import log_in


@pytest.fixture
def form(services: Services) -> Iterator[None]:
    with create_app(services).test_request_context("/console/", method="POST"):
        yield


def read(**form: str) -> Placing:
    return read_placing(form)


def hidden(placing: Placing) -> dict[str, str]:
    """What the form bears of what it showed."""
    return {f"placed_{name}": value for name, value in placing.placed._asdict().items()}


@pytest.mark.usefixtures("form")
class TestPlacing:
    def test_a_neighbourhood_gives_its_own_point_and_its_district(self) -> None:
        found = read(district="Collique")
        assert (found.ubigeo, found.point, found.errors) == ("150110", Point(-11.915, -77.02), {})
        assert found.where == "Comas, Lima"

    def test_a_name_that_several_bear_is_asked_about_and_the_one_chosen_holds(self) -> None:
        asked = read(district="San Miguel")
        assert asked.errors["district"] == "Hay varios lugares con ese nombre. Escoja uno."
        assert ("211105", "San Miguel, San Román, Puno") in asked.choices
        chosen = read(district="San Miguel", ubigeo="211105", **hidden(asked))
        assert (chosen.ubigeo, chosen.errors) == ("211105", {})

    def test_a_new_name_wins_over_the_district_that_was_found_before(self) -> None:
        assert read(district="Ate", placed_name="Comas", ubigeo="150110").ubigeo == "150103"

    def test_a_point_that_was_left_alone_goes_along_to_another_place(self) -> None:
        before = placed_at("150110", Point(-11.95, -77.05))
        moved = read(district="Ate", ubigeo="150110", lat=before.lat, lon=before.lon, **hidden(before))
        assert moved.point == Point(-12.0264, -76.9214)
        within = read(district="Collique", ubigeo="150110", lat=before.lat, lon=before.lon, **hidden(before))
        assert within.point == Point(-11.915, -77.02)
        asked = read(district="San Miguel", ubigeo="150110", lat=before.lat, lon=before.lon, **hidden(before))
        assert asked.point == Point(-11.95, -77.05)
        there = read(district="San Miguel", ubigeo="150136", lat=asked.lat, lon=asked.lon, **hidden(asked))
        assert there.point == Point(-12.0922, -77.0794)

    def test_a_point_that_was_given_with_a_new_name_stays(self) -> None:
        before = placed_at("150110", Point(-11.95, -77.05))
        given = read(district="Ate", ubigeo="150110", lat="-12.03", lon="-76.93", **hidden(before))
        assert (given.ubigeo, given.point, given.errors) == ("150103", Point(-12.03, -76.93), {})

    def test_an_unknown_name_says_so(self) -> None:
        assert "zzzz" in read(district="zzzz").errors["district"]
        assert read(district=" ").errors["district"] == "Escriba el distrito o el barrio."

    @pytest.mark.parametrize(
        ("lat", "lon"), [("-77.02", "-11.95"), ("11.95", "77.05"), ("-12.2", "-77.9"), ("-33.4", "-70.6")]
    )
    def test_a_point_outside_peru_is_refused(self, lat: str, lon: str) -> None:
        assert "fuera del Perú" in read(district="Comas", lat=lat, lon=lon).errors["lat"]

    def test_a_point_far_from_the_district_is_refused_and_one_beside_it_is_pointed_out(self) -> None:
        far = read(district="Comas", lat="-12.46", lon="-76.78")
        assert "de Comas" in far.errors["lat"]
        beside = read(district="Comas", lat="-11.99", lon="-77.06")
        assert beside.errors == {}
        assert "Independencia" in beside.note

    @pytest.mark.parametrize(("lat", "lon"), [("x", "-77"), ("-12", ""), ("nan", "-77"), ("-120", "-77")])
    def test_what_are_no_degrees_is_refused(self, lat: str, lon: str) -> None:
        assert read(district="Comas", lat=lat, lon=lon).errors

    def test_a_comma_is_as_good_as_a_point(self) -> None:
        assert read(district="Comas", lat="-11,9572", lon="-77,0494").point == Point(-11.9572, -77.0494)

    def test_the_map_goes_where_its_buttons_say_and_the_point_stays(self) -> None:
        found = read(district="Comas", lat="-11.95", lon="-77.05", ubicar="ver:-12.1,-77.0,9")
        assert found.map.view.zoom == 9
        assert found.point == Point(-11.95, -77.05)

    def test_something_new_begins_with_the_whole_country(self) -> None:
        assert nowhere_yet().map.view.zoom == 5

    def test_what_is_somewhere_keeps_its_district_when_nothing_is_changed(self) -> None:
        before = placed_at("211105", Point(-15.49, -70.12))
        again = read(
            district=before.district, ubigeo="211105", lat=before.lat, lon=before.lon, **hidden(before)
        )
        assert (again.ubigeo, again.point, again.errors) == ("211105", Point(-15.49, -70.12), {})


def test_the_map_of_a_form_is_asked_for_again_without_saving_anything(services: Services) -> None:
    olga = log_in(services)
    answer = olga.post("/console/lugar", {"district": "San Miguel", "ubicar": "buscar"})
    assert answer.status_code == 200
    assert "San Miguel, San Román, Puno" in answer.text
    assert 'name="ubigeo" value="211105"' in answer.text
