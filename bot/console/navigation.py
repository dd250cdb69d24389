"""The pages that stand in the navigation, in its order."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, request

from bot.console.access.guard import known
from bot.console.access.roles import Role


@dataclass(frozen=True, slots=True)
class Entry:
    """`address` is where it leads; everything below it belongs to it."""

    title: str
    address: str
    least: Role = Role.OPERATOR


NAVIGATION: tuple[tuple[Entry, ...], ...] = (
    (
        Entry("Hoy", "/console/"),
        Entry("Pedidos", "/console/pedidos"),
        Entry("Conversaciones", "/console/conversaciones"),
    ),
    (
        Entry("Proveedores", "/console/proveedores"),
        Entry("Centros", "/console/centros"),
        Entry("Material", "/console/material"),
    ),
    (
        Entry("Comprensión", "/console/comprension"),
        Entry("Cifras", "/console/cifras"),
    ),
    (
        Entry("Colas", "/console/colas", Role.COORDINATOR),
        Entry("Equipo", "/console/equipo", Role.ADMINISTRATOR),
        Entry("Registro", "/console/registro", Role.ADMINISTRATOR),
    ),
)
"""In groups. An entry whose page is not there is not shown."""


def entries() -> list[list[Entry]]:
    """What who is logged in may go to."""
    operator = known()
    if operator is None:
        return []
    there = {rule.rule.rstrip("/") for rule in current_app.url_map.iter_rules()}
    groups = (
        [
            entry
            for entry in group
            if operator.role.includes(entry.least) and entry.address.rstrip("/") in there
        ]
        for group in NAVIGATION
    )
    return [group for group in groups if group]


def is_current(entry: Entry) -> bool:
    """Whether the page that is shown belongs to this entry."""
    bare = entry.address.rstrip("/")
    if bare == "/console":
        return request.path == entry.address
    return request.path == bare or request.path.startswith(f"{bare}/")


def first_page() -> str:
    """Where somebody comes who asked for nothing in particular: today, or the first page there is."""
    there = {rule.rule for rule in current_app.url_map.iter_rules()}
    return "/console/" if "/console/" in there else "/console/cuenta"
