"""Adding and changing people of the console, from its page or from the command line: each in one transaction, noted in
the audit log."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.console import audit
from bot.console.access import passwords
from bot.console.access.roles import CALLED, Role
from bot.store import operators
from bot.store.database import Tx
from bot.store.operators import Person

ONE_TIME = timedelta(days=7)
"""So long a password counts that was given out."""

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,63}")


class Problem(StrEnum):
    """Why something is not done, for who reads the command line; SAID has it for who reads the console."""

    LOGIN = "a login has 2 to 64 letters without accents, digits or . _ - + @, and no spaces"
    NAME = "a name has 2 to 80 letters"
    ROLE = "there is no such role"
    TAKEN = "somebody has this login already"
    GONE = "there is no such operator"
    ONESELF = "nobody does this to themselves"
    LAST = "this is the last administrator: give that role to somebody else before"


SAID: dict[Problem, str] = {
    Problem.LOGIN: "Use de 2 a 64 letras sin tildes, números o . _ - + @, sin espacios.",
    Problem.NAME: "Escriba el nombre, de 2 a 80 letras.",
    Problem.ROLE: "Elija un rol.",
    Problem.TAKEN: "Ya hay alguien con ese usuario.",
    Problem.GONE: "Esa persona ya no está en el equipo.",
    Problem.ONESELF: "Esto no puede hacérselo a sí mismo. Pídalo a otra persona que administra.",
    Problem.LAST: "Es la única persona que administra. Antes, dé ese rol a otra.",
}
_FIELDS = {
    Problem.LOGIN: "usuario",
    Problem.TAKEN: "usuario",
    Problem.NAME: "nombre",
    Problem.ROLE: "rol",
}


class TeamError(Exception):
    """What was asked is not done, and why: the message for the command line, `said` for the console, `field` the form's
    field it is about, if any."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.said = SAID[problem]
        self.field = _FIELDS.get(problem, "")


@dataclass(frozen=True, slots=True)
class Given:
    """A password to hand over, once: it is kept only as a hash."""

    person: Person
    password: str


def login_of(given: str) -> str:
    """The login as it is kept. Raises TeamError."""
    login = given.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise TeamError(Problem.LOGIN)
    return login


def name_of(given: str) -> str:
    """The name as it is kept. Raises TeamError."""
    name = " ".join(given.split())
    if not 2 <= len(name) <= 80 or not name.isprintable():
        raise TeamError(Problem.NAME)
    return name


def add(
    tx: Tx, by: int | None, login: str, name: str, role: Role, now: datetime, password: str | None = None
) -> Given:
    """Somebody new, with a password that they must change; or with one of their own, already found good, which they
    keep. Raises TeamError."""
    login, name = login_of(login), name_of(name)
    given = password or passwords.one_time_password()
    until = None if password else now + ONE_TIME
    made = operators.add(tx, login, name, role, passwords.hash_of(given), until, now)
    person = operators.with_id(tx, made) if made is not None else None
    if person is None:
        raise TeamError(Problem.TAKEN)
    audit.note(tx, by, audit.Deed.ADDED_OPERATOR, f"operator:{person.id}", {"rol": CALLED[role]})
    return Given(person, given)


def reset(tx: Tx, by: int | None, operator_id: int, now: datetime) -> Given:
    """A new one-time password for somebody who cannot get in: their second proof and their sessions are gone, and who
    was deactivated may come in again. Raises TeamError."""
    person = _there(tx, operator_id)
    given = passwords.one_time_password()
    operators.set_password(tx, person.id, passwords.hash_of(given), now + ONE_TIME)
    operators.set_totp(tx, person.id, None)
    operators.set_active(tx, person.id, None)
    operators.end_sessions(tx, person.id)
    detail = {"reactivado": True} if person.deactivated_at else {}
    audit.note(tx, by, audit.Deed.RESET_OPERATOR, f"operator:{person.id}", detail)
    return Given(person, given)


def change_role(tx: Tx, by: int | None, operator_id: int, role: Role) -> Person:
    """Their sessions end: what is on their screen was made for another role. Raises TeamError."""
    person = _there(tx, operator_id)
    if by == person.id:
        raise TeamError(Problem.ONESELF)
    if person.role == role:
        return person
    _keep_one_administrator(tx, person)
    operators.set_role(tx, person.id, role)
    operators.end_sessions(tx, person.id)
    detail = {"rol": f"{CALLED[Role(person.role)]} → {CALLED[role]}"}
    audit.note(tx, by, audit.Deed.CHANGED_ROLE, f"operator:{person.id}", detail)
    return person


def deactivate(tx: Tx, by: int | None, operator_id: int, now: datetime) -> Person:
    """They cannot come in any more, from this moment. What they did stays in the audit log. Raises TeamError."""
    person = _there(tx, operator_id)
    if by == person.id:
        raise TeamError(Problem.ONESELF)
    if person.deactivated_at is not None:
        return person
    _keep_one_administrator(tx, person)
    operators.set_active(tx, person.id, now)
    operators.end_sessions(tx, person.id)
    audit.note(tx, by, audit.Deed.DEACTIVATED_OPERATOR, f"operator:{person.id}")
    return person


def _there(tx: Tx, operator_id: int) -> Person:
    person = operators.with_id(tx, operator_id, lock=True)
    if person is None:
        raise TeamError(Problem.GONE)
    return person


def _keep_one_administrator(tx: Tx, person: Person) -> None:
    administrator = Role.ADMINISTRATOR
    if person.role == administrator and operators.is_the_last(tx, person.id, administrator):
        raise TeamError(Problem.LAST)
