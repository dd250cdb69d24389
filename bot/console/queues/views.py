"""The queues' page."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from redis.exceptions import RedisError
from werkzeug.wrappers import Response

from bot import failed_jobs, jobs, pulse
from bot.console import audit
from bot.console.access import Role, at_least, current
from bot.console.page import clock, flash, plural, services
from bot.jobs import QueueName
from bot.store import figures

bp = Blueprint("queues", __name__, url_prefix="/console/colas")

FAILED_SHOWN = 20
"""Of each queue."""
SILENT_S = 60.0
"""Who gave no sign for so long is taken for dead."""
LATE_S = 300.0
"""What waited for so long is late."""

QUEUES = {
    QueueName.EMERGENCY: "Emergencias",
    QueueName.REPLIES: "Respuestas",
    QueueName.OFFERS: "Pedidos a proveedores",
    QueueName.FOLLOW_UPS: "Seguimiento",
    QueueName.UPKEEP: "Mantenimiento",
}
JOBS = {
    jobs.SEND_TO: "Enviar mensajes a una persona",
    jobs.ANSWER_SEARCH: "Responder una búsqueda",
    jobs.SERVE_CONTACT: "Atender mensajes de una persona",
    jobs.HANDLE_EVENT: "Avisar de un suceso",
    jobs.SWEEP: "Buscar lo que se quedó",
    jobs.RECONCILE: "Comparar con Twilio",
    jobs.RETAIN: "Borrar lo antiguo",
    jobs.LAY_OUT: "Preparar mensajes para etiquetar",
    jobs.TALLY: "Contar para las cifras",
}
WAITING = {
    "answer": "Mensajes por responder",
    "send": "Mensajes por enviar",
    "search": "Búsquedas por responder",
    "event": "Sucesos por avisar",
}


@bp.get("")
@at_least(Role.COORDINATOR)
def queues() -> str:
    """What waits on the queues and in the database, who works, and what failed. Without Redis, the rest of it."""
    try:
        felt = pulse.feel(services().redis)
        failed = failed_jobs.latest(services().redis, FAILED_SHOWN)
    except RedisError:
        felt, failed = None, []
    found = figures.read(services().store, clock(), names=("waiting", "looked"))
    told = {(one.metric, one.labels): one.value for one in found.read}
    return render_template(
        "console/queues/queues.html",
        felt=felt,
        failed=failed,
        queues=QUEUES,
        jobs=JOBS,
        missing=found.missing,
        waiting=[
            (
                words,
                int(told.get(("ayllu_waiting", (what,)), 0)),
                told.get(("ayllu_waiting_oldest_seconds", (what,)), 0.0),
            )
            for what, words in WAITING.items()
        ],
        looked_s=next(
            (value for (name, _), value in told.items() if name == "ayllu_last_look_seconds"), None
        ),
        silent_s=SILENT_S,
        late_s=LATE_S,
    )


@bp.post("/reintentar")
@at_least(Role.COORDINATOR)
def again() -> Response:
    """Queue one failed job again, or all of a queue."""
    try:
        queue = QueueName(request.form.get("cola", ""))
    except ValueError:
        abort(400)
    try:
        done = failed_jobs.put_back(services().redis, queue, request.form.get("tarea") or None)
    except RedisError:
        flash("Redis no responde. Pruebe en un minuto.", "error")
        return redirect(url_for(".queues"))
    if done:
        with services().store.begin() as tx:
            audit.note(
                tx, current().id, audit.Deed.QUEUED_JOBS_AGAIN, f"queue:{queue.value}", {"tareas": done}
            )
    flash(
        f"{plural(done, 'tarea vuelve', 'tareas vuelven')} a la cola."
        if done
        else "No había nada que reintentar."
    )
    return redirect(url_for(".queues"))
