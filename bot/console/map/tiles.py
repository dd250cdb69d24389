"""Pictures of the ground from a tile server, where the settings name one. Without it maps need nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor
from typing import NamedTuple
from urllib.parse import urlsplit

from bot.console.map.projection import HEIGHT, TILE, WIDTH, View
from bot.headers import OWN_FILES
from bot.settings import Settings
from matching.schema import Point


class Picture(NamedTuple):
    """One tile, and where on the paper its upper left corner lies."""

    url: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Tiles:
    """A tile server: its address with {z}, {x} and {y}, and whom to thank."""

    url: str
    attribution: str

    @classmethod
    def of(cls, settings: Settings) -> Tiles | None:
        """The one the settings name, if they name one."""
        if settings.map_tiles_url is None:
            return None
        return cls(settings.map_tiles_url, settings.map_tiles_attribution)

    def beneath(self, view: View) -> Iterator[Picture]:
        """The tiles that cover the paper."""
        corner = View(Point(0.0, 0.0), view.zoom).spot(view.middle)
        # The whole earth's upper left corner lies half its size left of and above longitude and latitude 0.
        half = TILE * 2**view.zoom / 2
        left, top = corner.x - WIDTH + half, corner.y - HEIGHT + half
        last = 2**view.zoom - 1
        for row in range(floor(top / TILE), floor((top + HEIGHT) / TILE) + 1):
            for column in range(floor(left / TILE), floor((left + WIDTH) / TILE) + 1):
                if 0 <= row <= last and 0 <= column <= last:
                    url = self.url.format(z=view.zoom, x=column, y=row)
                    yield Picture(url, round(column * TILE - left, 1), round(row * TILE - top, 1))

    @property
    def policy(self) -> str:
        """What a page with such a map may load: its own files, and pictures from that server."""
        parts = urlsplit(self.url)
        ours = "img-src 'self' data: blob:"
        return OWN_FILES.replace(ours, f"{ours} {parts.scheme}://{parts.netloc}")
