"""What a person of the console may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Each may what those before it may."""

    OPERATOR = "operator"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"

    def includes(self, other: Role) -> bool:
        """
        >>> Role.COORDINATOR.includes(Role.OPERATOR), Role.COORDINATOR.includes(Role.ADMINISTRATOR)
        (True, False)
        """
        order = list(Role)
        return order.index(self) >= order.index(other)


CALLED = {
    Role.OPERATOR: "Operador(a)",
    Role.COORDINATOR: "Coordinador(a)",
    Role.ADMINISTRATOR: "Administrador(a)",
}
"""What people read."""


@dataclass(frozen=True, slots=True)
class Operator:
    """Who is logged in."""

    id: int
    name: str
    role: Role
