"""Maps: where things lie on the paper, what is told apart, what is said in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from bot.app import create_app
from bot.console.map import Look, Mark, View, map_of, outline, shades_of
from bot.console.map.drawing import Map
from bot.console.map.projection import CLOSEST, HEIGHT, PERU, WIDTH, Spot
from bot.console.map.tiles import Tiles
from bot.services import Services
from matching.geo import distance_km
from matching.schema import Point
from nlp.places import Gazetteer

COMAS, ATE, PUNO = Point(-11.9572, -77.0494), Point(-12.0258, -76.9182), Point(-15.8402, -70.0219)


@pytest.fixture
def page(services: Services) -> Iterator[Flask]:
    """A page whose address is /console/cuenta?q=nido."""
    app = create_app(services)
    with app.test_request_context("/console/cuenta?q=nido"):
        yield app


def test_a_spot_on_the_paper_is_the_place_it_was_drawn_for() -> None:
    for view in (PERU, View(COMAS, 11), View(PUNO, CLOSEST)):
        for spot in (Spot(0, 0), Spot(WIDTH / 2, HEIGHT / 2), Spot(600, 33)):
            again = view.spot(view.point(spot))
            assert again == pytest.approx(spot, abs=1.5)


def test_a_unit_of_the_paper_is_as_long_as_the_scale_says() -> None:
    view = View(COMAS, 12)
    left, right = view.point(Spot(0, HEIGHT / 2)), view.point(Spot(WIDTH, HEIGHT / 2))
    assert distance_km(left, right) * 1000 / WIDTH == pytest.approx(view.metres_per_unit(), rel=0.005)


def test_all_marks_are_in_view_and_as_close_as_that_allows() -> None:
    view = View.of_all([COMAS, ATE, PUNO])
    assert all(view.shows(view.spot(point)) for point in (COMAS, ATE, PUNO))
    closer = View(view.middle, view.zoom + 2)
    assert not all(closer.shows(closer.spot(point)) for point in (COMAS, ATE, PUNO))
    assert View.of_all([]) == PERU


@pytest.mark.parametrize(
    "written", ["", "x", "1,2", "-12.0,-77.0,11;DROP", "999,0,5", "-12,-777,5", "-12.1234567,-77,5"]
)
def test_an_address_that_names_no_view_shows_all(written: str) -> None:
    assert View.read(written) is None


def test_a_view_in_an_address_is_the_same_again_and_never_too_close() -> None:
    assert View.read(View(COMAS, 12).written()) == View(COMAS, 12)
    assert View.read("-12,-77,99") == View(Point(-12.0, -77.0), CLOSEST)


def test_marks_that_would_cover_each_other_are_one_group_with_the_way_to_a_closer_view(page: Flask) -> None:
    near = [
        Mark(Point(COMAS.lat + step * 0.001, COMAS.lon), f"Nido {step}", key=str(step)) for step in range(3)
    ]
    far = Mark(PUNO, "Nido de Puno", "/console/cuenta", Look.WAITING)
    found = map_of([*near, far], title="Nidos")
    ((group, closer),) = found.groups
    assert group.size == 3
    assert closer
    assert closer.startswith("/console/cuenta?q=nido&mapa=")
    assert [one.mark.label for one in found.drawn] == ["Nido de Puno"]
    assert {look for look, _ in found.legend} == {Look.OK, Look.WAITING}
    assert group.closer
    apart = map_of([*near, far], title="Nidos", view=group.closer)
    assert len(apart.drawn) == 3
    assert apart.out_of_view == 1


def test_the_chosen_mark_stands_alone_and_first_in_the_list(page: Flask) -> None:
    near = [Mark(Point(COMAS.lat + n * 0.0001, COMAS.lon), f"Nido {n}", key=str(n)) for n in range(3)]
    found = map_of([*near, Mark(PUNO, "Nido de Puno")], title="Nidos", chosen="1")
    assert [(one.mark.key, one.chosen) for one in found.drawn] == [("1", True), ("", False)]
    assert found.groups[0][0].size == 2
    assert found.listed[0].mark.key == "1"
    about_it = map_of(near, title="Nidos", chosen="1", around=near[1].at)
    assert about_it.here is None
    assert about_it.listed[0].away == ""


def test_marks_on_one_spot_lead_nowhere_and_are_all_in_the_list(page: Flask) -> None:
    found = map_of([Mark(COMAS, "uno"), Mark(COMAS, "dos")], title="Los dos")
    assert found.groups[0][1] is None
    assert [one.mark.label for one in found.listed] == ["uno", "dos"]


def test_about_a_place_the_nearest_comes_first_and_says_how_far(page: Flask) -> None:
    found = map_of([Mark(PUNO, "lejos"), Mark(ATE, "cerca")], title="Cuánto hay", around=COMAS)
    assert [(one.mark.label, one.number) for one in found.listed] == [("cerca", 1), ("lejos", 2)]
    assert [one.away for one in found.listed] == ["16 km", "873 km"]
    assert found.rings


def test_thousands_of_marks_stay_a_light_page(page: Flask) -> None:
    places = list(Gazetteer.load().districts())
    marks = [
        Mark(
            Point(place.lat, place.lon),
            f"Guardería de {place.name}",
            f"/console/cuenta?n={number}",
            detail="Av.",
        )
        for number, place in enumerate(places)
    ]
    template = page.jinja_env.from_string(
        '{% from "console/_map.html" import map_figure %}{{ map_figure(found) }}'
    )
    found = map_of(marks, title="Todas")
    assert sum(group.size for group, _ in found.groups) + len(found.drawn) == len(places)
    assert len(template.render(found=found).encode()) < 60_000


def test_what_is_drawn_is_in_words_beside_it_and_reached_by_keyboard_there(page: Flask) -> None:
    found = map_of([Mark(COMAS, "Nido <b>Sol</b>", "/console/cuenta?n=1", detail="Mz. A")], title="Nidos")
    html = page.jinja_env.from_string(
        '{% from "console/_map.html" import map_figure %}{{ map_figure(found) }}'
    ).render(found=found)
    drawing, words = html.split("</svg>", 1)
    assert 'aria-hidden="true"' in drawing
    assert 'tabindex="-1"' in drawing
    assert '<a href="/console/cuenta?n=1">Nido &lt;b&gt;Sol&lt;/b&gt;</a>' in words
    assert "tabindex" not in words
    assert "style=" not in html


def test_figures_are_told_by_district_the_highest_first_and_those_too_low_are_not(page: Flask) -> None:
    values = {"150110": 40.0, "150103": 5.0, "210101": None, "999999": 7.0}
    found = shades_of(
        values, title="Sin respuesta", told=lambda value: f"{value:.0f} pedidos", too_few="menos de 5"
    )
    assert [(shade.label, shade.text) for shade in found.shades] == [
        ("Comas", "40 pedidos"),
        ("Ate", "5 pedidos"),
        ("Puno", "menos de 5"),
    ]
    comas, ate, puno = found.shades
    assert comas.radius > ate.radius
    assert comas.level > ate.level > puno.level == 0
    assert dict(found.shade_legend)[0] == "menos de 5"


def test_names_of_districts_do_not_cross_each_other(page: Flask) -> None:
    names = map_of([], title="Lima", view=View(COMAS, 11)).names
    assert "Comas" in {name.text for name in names}
    rows = sorted((name.y, name.x - len(name.text) * 3.2, name.x + len(name.text) * 3.2) for name in names)
    for at, (y, left, right) in enumerate(rows):
        for other_y, other_left, other_right in rows[at + 1 :]:
            assert other_y - y >= 12 or right < other_left or other_right < left


def test_the_land_is_where_its_towns_are_and_the_sea_is_not_peru() -> None:
    for district in Gazetteer.load().districts():
        assert outline.is_in_peru(Point(district.lat, district.lon), 5), district
    for abroad in (Point(-12.3, -77.6), Point(-18.48, -70.32), Point(-2.9, -79.0), Point(0, 0)):
        assert not outline.is_in_peru(abroad, 5)
    assert outline.drawn(View(COMAS, 11)).startswith("M")
    assert outline.drawn(View(Point(-12.3, -79.0), 11)) == ""


def test_without_a_tile_server_nobody_else_is_asked(page: Flask) -> None:
    found = map_of([Mark(COMAS, "uno")], title="Uno")
    assert found.pictures == ()
    assert found.land


def test_tiles_cover_the_paper_and_lie_where_they_belong() -> None:
    tiles = Tiles("https://tiles.example.pe/{z}/{x}/{y}.png", "© Quien las hizo")
    found = list(tiles.beneath(View(COMAS, 12)))
    assert min(one.x for one in found) <= 0
    assert max(one.x for one in found) + 256 >= WIDTH
    assert min(one.y for one in found) <= 0
    assert max(one.y for one in found) + 256 >= HEIGHT
    # Tile 1171/2185 at zoom 12 begins at 77.08 W, 11.953 S: OpenStreetMap's rule, worked out by hand.
    (one,) = [picture for picture in found if picture.url.endswith("/12/1171/2185.png")]
    corner = View(COMAS, 12).point(Spot(one.x, one.y))
    assert corner.lon == pytest.approx(1171 / 4096 * 360 - 180, abs=0.001)
    assert list(tiles.beneath(View(Point(79.0, 179.9), 4)))[-1].url.startswith(
        "https://tiles.example.pe/4/15/"
    )


def test_a_page_with_a_map_and_no_other_may_load_tiles(services: Services) -> None:
    settings = services.settings.model_copy(
        update={
            "map_tiles_url": "https://tiles.example.pe/{z}/{x}/{y}.png",
            "map_tiles_attribution": "© Ellos",
        }
    )
    app = create_app(replace(services, settings=settings))

    def with_map() -> str:
        found: Map = map_of([Mark(COMAS, "uno")], title="Uno")
        return found.attribution

    app.add_url_rule("/mapa", "with_map", with_map)
    answer = app.test_client().get("/mapa")
    assert answer.text == "© Ellos"
    assert "img-src 'self' data: blob: https://tiles.example.pe;" in answer.headers["Content-Security-Policy"]
    assert "tiles" not in app.test_client().get("/console/entrar").headers["Content-Security-Policy"]
