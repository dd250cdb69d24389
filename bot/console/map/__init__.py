"""Maps without a map server: points where they are, districts by name, distances. Drawn by the server, as one SVG.

A view calls `map_of` (marks) or `shades_of` (figures by district) and its template `map_figure` or `shades_figure` of
console/_map.html. `placing` is the part of a form that says where something is.
"""

from bot.console.map.drawing import Map, asked_view, map_of
from bot.console.map.marks import Look, Mark
from bot.console.map.projection import View
from bot.console.map.shades import shades_of

__all__ = ["Look", "Map", "Mark", "View", "asked_view", "map_of", "shades_of"]
