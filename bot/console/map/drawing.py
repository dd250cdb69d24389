"""A map as it is drawn: everything that the template needs, in units of the paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask import after_this_request, request, url_for
from werkzeug.wrappers import Response

from bot.console.map import context, outline
from bot.console.map.marks import Drawn, Group, Listed, Look, Mark, closer_on, gathered
from bot.console.map.projection import HEIGHT, WIDTH, Spot, View
from bot.console.map.tiles import Picture, Tiles
from bot.console.page import services
from bot.dialogue.phrases import distance
from matching.geo import distance_km
from matching.schema import Point
from nlp.places import Gazetteer

MOST_LISTED = 30
IN_ADDRESS = "mapa"
"""The name under which a page's address says what its map shows."""

LOOKS: Mapping[Look, str] = {
    Look.OK: "en orden",
    Look.WAITING: "por revisar",
    Look.ALERT: "con problema",
    Look.OFF: "fuera de servicio",
}


class Step(NamedTuple):
    """A way to another view."""

    label: str
    sign: str
    view: View
    url: str


class Shade(NamedTuple):
    """A district's figure: a circle whose area is the figure, the darker the higher (`level` 1 to 5; 0 for one that is
    too low to be told)."""

    x: float
    y: float
    radius: float
    level: int
    text: str
    label: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Map:
    """What is on the paper, and in the list beside it. `here` is the place the map is drawn about, unless the chosen
    mark stands there; `whole` the way to the view of all, `land` Peru as a path."""

    title: str
    view: View
    bar: context.Bar
    steps: tuple[Step, ...]
    whole: str
    names: tuple[context.Name, ...] = ()
    drawn: tuple[Drawn, ...] = ()
    groups: tuple[tuple[Group, str | None], ...] = ()
    listed: tuple[Listed, ...] = ()
    unlisted: int = 0
    out_of_view: int = 0
    here: tuple[float, float] | None = None
    rings: tuple[context.Ring, ...] = ()
    legend: tuple[tuple[Look, str], ...] = ()
    pictures: tuple[Picture, ...] = ()
    attribution: str = ""
    shades: tuple[Shade, ...] = ()
    shade_legend: tuple[tuple[int, str], ...] = ()
    land: str = ""
    width: int = WIDTH
    height: int = HEIGHT


def map_of(
    marks: Sequence[Mark],
    *,
    title: str,
    chosen: str | None = None,
    around: Point | None = None,
    looks: Mapping[Look, str] = LOOKS,
    view: View | None = None,
) -> Map:
    """The map of a page, for `map_figure` of console/_map.html: as its address asks (`asked_view`), else of all marks.

    `chosen` is the key of the mark that the page is about; `around` a place from which distances are told; `looks` say
    in words what each look means here. Lets the page load pictures from the tile server, where one is set.
    """
    shown = view or asked_view() or View.of_all([*(mark.at for mark in marks), *([around] if around else [])])
    return draw(marks, services().places, shown, address_of, title, chosen, around, looks, tiles_here())


def asked_view() -> View | None:
    """What part of the map the page's address asks for; None for what fits. A page with thousands of marks looks up
    those in its `box()` alone."""
    return View.read(request.args.get(IN_ADDRESS))


def address_of(view: View | None) -> str:
    """The page's own address, with another view of its map."""
    wanted = {name: values for name, values in request.args.lists() if name != IN_ADDRESS}
    if view is not None:
        wanted[IN_ADDRESS] = [view.written()]
    return url_for(str(request.endpoint), **{**(request.view_args or {}), **wanted}, _anchor=IN_ADDRESS)


def tiles_here() -> Tiles | None:
    """The tile server that the settings name, if any. This answer's page, and no other, may show pictures from it."""
    tiles = Tiles.of(services().settings)
    if tiles is not None:
        policy = tiles.policy

        @after_this_request
        def let_load(response: Response) -> Response:
            response.headers["Content-Security-Policy"] = policy
            return response

    return tiles


def draw(
    marks: Sequence[Mark],
    places: Gazetteer,
    view: View,
    address: Callable[[View | None], str],
    title: str,
    chosen: str | None = None,
    around: Point | None = None,
    looks: Mapping[Look, str] = LOOKS,
    tiles: Tiles | None = None,
) -> Map:
    """The marks in view, those too close to each other as a group with the way to a closer view. The list goes by
    distance where there is a place to measure from; else the chosen comes first, and groups last."""
    in_order = list(marks)
    if around is not None:
        centre = around
        in_order.sort(key=lambda mark: distance_km(centre, mark.at))
    drawn: list[Drawn] = []
    groups: list[tuple[Group, str | None]] = []
    listed: list[Listed] = []
    for (x, y), found in gathered(in_order, view, chosen):
        is_chosen = chosen is not None and found[0].key == chosen
        number = len(drawn) + 1 if len(found) == 1 else None
        if number is not None:
            drawn.append(Drawn(x, y, found[0], number, is_chosen))
        else:
            closer = closer_on(found, view)
            groups.append((Group(x, y, len(found), closer), address(closer) if closer else None))
        listed += (_listed(mark, number, around, is_chosen) for mark in found)
    if around is None:
        listed.sort(key=lambda one: (not one.chosen, one.number is None))
    is_marked = any(one.chosen and one.mark.at == around for one in drawn)
    there = view.spot(around) if around and not is_marked else None
    taken = [*(Spot(one.x, one.y) for one in drawn), *(Spot(group.x, group.y) for group, _ in groups)]
    return Map(
        title=title,
        view=view,
        bar=context.bar(view),
        steps=steps_from(view, address),
        whole=address(None),
        names=tuple(context.names_in(view, places, taken)),
        drawn=tuple(drawn),
        groups=tuple(groups),
        listed=tuple(listed[:MOST_LISTED]),
        unlisted=max(0, len(listed) - MOST_LISTED),
        out_of_view=len(marks) - len(listed),
        here=(round(there.x, 1), round(there.y, 1)) if there else None,
        rings=tuple(context.rings(view, around)) if around else (),
        legend=tuple((look, looks[look]) for look in Look if any(one.mark.look is look for one in listed)),
        pictures=tuple(tiles.beneath(view)) if tiles else (),
        attribution=tiles.attribution if tiles else "",
        land="" if tiles else outline.drawn(view),
    )


def _listed(mark: Mark, number: int | None, around: Point | None, is_chosen: bool) -> Listed:
    away = distance(distance_km(around, mark.at)) if around and around != mark.at else ""
    return Listed(mark, number, away, is_chosen)


def steps_from(view: View, address: Callable[[View | None], str]) -> tuple[Step, ...]:
    """Closer, wider, and to the four sides."""
    ways = [
        ("Acercar", "+", view.closer()),
        ("Alejar", "−", view.wider()),
        ("Norte", "↑", view.moved(0, -1)),
        ("Sur", "↓", view.moved(0, 1)),
        ("Oeste", "←", view.moved(-1, 0)),
        ("Este", "→", view.moved(1, 0)),
    ]
    return tuple(Step(label, sign, to, address(to)) for label, sign, to in ways if to is not None)
