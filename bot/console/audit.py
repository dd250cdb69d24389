"""The audit log: who saw or changed what. A note is written in the transaction of the deed, or neither is."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.store import audit_log
from bot.store.database import Tx

SEEN_AGAIN = timedelta(hours=1)
"""Who looks at the same once more within it is not noted again."""


class Deed(StrEnum):
    """Everything that is noted, each with what people read of it in WORDS. One list for the whole console."""

    LOGGED_IN = "logged-in"
    LOG_IN_FAILED = "log-in-failed"
    LOCKED_OUT = "locked-out"
    LOGGED_OUT = "logged-out"
    CHANGED_PASSWORD = "changed-password"  # noqa: S105
    TURNED_SECOND_PROOF_ON = "second-proof-on"
    TURNED_SECOND_PROOF_OFF = "second-proof-off"
    USED_RECOVERY_CODE = "used-recovery-code"
    ADDED_OPERATOR = "added-operator"
    CHANGED_ROLE = "changed-role"
    RESET_OPERATOR = "reset-operator"
    DEACTIVATED_OPERATOR = "deactivated-operator"
    QUEUED_JOBS_AGAIN = "queued-jobs-again"
    SAW_CONVERSATION = "saw-conversation"
    SAW_REQUEST = "saw-request"
    ASKED_FOR_REQUEST = "asked-for-request"
    CANCELLED_REQUEST = "cancelled-request"
    SETTLED_ELSEWHERE = "settled-elsewhere"
    ANSWERED_FOR_PROVIDER = "answered-for-provider"
    ANSWERED_FOR_PARENT = "answered-for-parent"
    LOOKED_AGAIN = "looked-again"
    TOOK_CASE = "took-case"
    LEFT_CASE = "left-case"
    CLOSED_CASE = "closed-case"
    SET_ASIDE = "set-aside"
    READ_COMMENT = "read-comment"
    ADDED_HUB = "added-hub"
    CHANGED_HUB = "changed-hub"
    MADE_SURE_OF_HUB = "made-sure-of-hub"
    CLOSED_HUB = "closed-hub"
    REOPENED_HUB = "reopened-hub"
    ADDED_MATERIAL = "added-material"
    CHANGED_MATERIAL = "changed-material"
    WITHDREW_MATERIAL = "withdrew-material"
    OFFERED_MATERIAL = "offered-material"
    CHECKED_PROVIDER = "checked-provider"
    TOOK_BACK_CHECK = "took-back-check"
    VERIFIED_PROVIDER = "verified-provider"
    HID_PROVIDER = "hid-provider"
    PAUSED_PROVIDER = "paused-provider"
    RESUMED_PROVIDER = "resumed-provider"
    CHANGED_PROVIDER = "changed-provider"
    WITHDREW_PROVIDER = "withdrew-provider"
    IMPORTED = "imported"
    EXPORTED = "exported"
    UNMASKED_NUMBER = "unmasked-number"
    TOOK_CONVERSATION = "took-conversation"
    WROTE_TO_PERSON = "wrote-to-person"
    HANDED_BACK = "handed-back"
    LABELLED_MESSAGE = "labelled-message"
    EXPORTED_LABELS = "exported-labels"
    EXPORTED_FIGURES = "exported-figures"


WORDS: dict[Deed, str] = {
    Deed.LOGGED_IN: "Entró",
    Deed.LOG_IN_FAILED: "Intento fallido de entrar",
    Deed.LOCKED_OUT: "Bloqueo por muchos intentos",
    Deed.LOGGED_OUT: "Salió",
    Deed.CHANGED_PASSWORD: "Cambió su contraseña",
    Deed.TURNED_SECOND_PROOF_ON: "Activó el código de verificación",
    Deed.TURNED_SECOND_PROOF_OFF: "Desactivó el código de verificación",
    Deed.USED_RECOVERY_CODE: "Entró con un código de recuperación",
    Deed.ADDED_OPERATOR: "Agregó a una persona al equipo",
    Deed.CHANGED_ROLE: "Cambió el rol de una persona",
    Deed.RESET_OPERATOR: "Dio una contraseña nueva",
    Deed.DEACTIVATED_OPERATOR: "Desactivó a una persona",
    Deed.QUEUED_JOBS_AGAIN: "Reintentó tareas fallidas",
    Deed.SAW_CONVERSATION: "Vio una conversación",
    Deed.SAW_REQUEST: "Vio un pedido",
    Deed.ASKED_FOR_REQUEST: "Preguntó a otra persona por un pedido",
    Deed.CANCELLED_REQUEST: "Canceló un pedido",
    Deed.SETTLED_ELSEWHERE: "Anotó que el cuidado se consiguió por otro lado",
    Deed.ANSWERED_FOR_PROVIDER: "Anotó lo que dijo quien cuida",
    Deed.ANSWERED_FOR_PARENT: "Anotó lo que dijo la familia",
    Deed.LOOKED_AGAIN: "Buscó otra vez para una familia",
    Deed.TOOK_CASE: "Tomó un caso",
    Deed.LEFT_CASE: "Soltó un caso",
    Deed.CLOSED_CASE: "Cerró un caso",
    Deed.SET_ASIDE: "Marcó algo como visto en Hoy",
    Deed.READ_COMMENT: "Leyó el comentario de una familia",
    Deed.ADDED_HUB: "Agregó un centro",
    Deed.CHANGED_HUB: "Cambió un centro",
    Deed.MADE_SURE_OF_HUB: "Confirmó los datos de un centro",
    Deed.CLOSED_HUB: "Cerró un centro",
    Deed.REOPENED_HUB: "Reabrió un centro",
    Deed.ADDED_MATERIAL: "Agregó material",
    Deed.CHANGED_MATERIAL: "Cambió material",
    Deed.WITHDREW_MATERIAL: "Retiró material",
    Deed.OFFERED_MATERIAL: "Volvió a ofrecer material",
    Deed.CHECKED_PROVIDER: "Anotó una revisión",
    Deed.TOOK_BACK_CHECK: "Anuló una revisión",
    Deed.VERIFIED_PROVIDER: "Confirmó la verificación",
    Deed.HID_PROVIDER: "Dejó de mostrarlo a las familias",
    Deed.PAUSED_PROVIDER: "Puso en pausa a quien cuida",
    Deed.RESUMED_PROVIDER: "Quitó la pausa a quien cuida",
    Deed.CHANGED_PROVIDER: "Cambió la ficha de quien cuida",
    Deed.WITHDREW_PROVIDER: "Retiró a quien cuida",
    Deed.IMPORTED: "Importó una tabla",
    Deed.EXPORTED: "Exportó una tabla",
    Deed.UNMASKED_NUMBER: "Vio un número completo",
    Deed.TOOK_CONVERSATION: "Tomó una conversación",
    Deed.WROTE_TO_PERSON: "Escribió a una persona",
    Deed.HANDED_BACK: "Devolvió una conversación al asistente",
    Deed.LABELLED_MESSAGE: "Etiquetó un mensaje",
    Deed.EXPORTED_LABELS: "Descargó lo etiquetado",
    Deed.EXPORTED_FIGURES: "Descargó cifras",
}


def note(
    tx: Tx,
    operator_id: int | None,
    what: Deed,
    subject: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Write down a deed. `subject` names a row, `provider:12`; `detail` says what changed, and nothing that a person
    wrote, is called or is reached by: digits of a number are cut from it, should one have come there."""
    audit_log.add(tx, operator_id, what, subject, _without_numbers(detail or {}), datetime.now(UTC))


def note_seen(tx: Tx, operator_id: int | None, what: Deed, subject: str) -> None:
    """Write down a deed that is done again and again, such as that somebody saw something: once in an hour."""
    now = datetime.now(UTC)
    if not audit_log.is_there(tx, operator_id, what, subject, now - SEEN_AGAIN):
        audit_log.add(tx, operator_id, what, subject, {}, now)


_NUMBER = re.compile(r"\+?\d{8,}")


def _without_numbers(value: Any) -> Any:
    if isinstance(value, str):
        return _NUMBER.sub(lambda found: f"***{found[0][-2:]}", value)
    if isinstance(value, dict):
        return {str(name): _without_numbers(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_numbers(inner) for inner in value]
    return value
