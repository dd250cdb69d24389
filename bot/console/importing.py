"""Tables taken in by the console: a file is sent, what it would change is shown, and that, and nothing else, is done
once somebody said so. One set of pages for every kind of table:

    importing.add_to(bp, importing.HUBS)        # /console/centros/importar and what is below it
    url_for(".import_file")                     # in the blueprint's own pages: the link to it
    importing.csv_answer("centros", columns, rows)   # an export that the import reads back

The file waits sealed, for an hour at most, for who sent it alone (bot/store/uploads.py). What it would change is worked
out anew each time it is looked at; whoever confirms bears the fingerprint of what they saw, and where something else
would be done by now they are shown that instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot import importers, intake
from bot.console import audit
from bot.console.access import Role, at_least, current
from bot.console.audit import Deed
from bot.console.page import MIB, clock, flash, masked, plural, services, takes_up_to
from bot.importers.cells import csv_lines
from bot.intake import Change, Difference, Kind, Plan
from bot.store import uploads

MOST_BYTES = 4 * MIB
MOST_ROWS = 2000
"""More is taken in by several files, or by the command line: each row is compared while somebody waits for the page."""
SHOWN = 25
"""Rows of each part on one page."""

Answer = str | AnyResponse | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Subject:
    """What is taken in, in the words of its pages. `explained` says of each column what goes into it, with an example;
    `named` is the column by which people know a row; `afterwards` is what importing does not do by itself."""

    kind: Kind[Any]
    title: str
    one: str
    many: str
    named: str
    explained: Mapping[str, str]
    afterwards: str = ""

    @property
    def template(self) -> Path:
        """A file to begin with."""
        return Path(importers.__file__).parent / "templates" / f"{self.kind.name}.csv"


def add_to(bp: Blueprint, subject: Subject) -> None:
    """The pages by which this is taken in, below the blueprint's own address. For coordinators."""

    def added(rule: str, name: str, view: Callable[..., Answer], *methods: str) -> None:
        bp.add_url_rule(rule, name, at_least(Role.COORDINATOR)(view), methods=methods or ["GET"])

    def form() -> Answer:
        return _form(subject)

    def send() -> Answer:
        return _send(subject)

    def template() -> Answer:
        return send_file(
            subject.template, mimetype="text/csv", as_attachment=True, download_name=f"{subject.many}.csv"
        )

    def preview(token: str) -> Answer:
        return _preview(subject, token)

    def decide(token: str) -> Answer:
        return _decide(subject, token)

    added("/importar", "import_file", form)
    added("/importar", "import_send", takes_up_to(MOST_BYTES)(send), "POST")
    added("/importar/plantilla.csv", "import_template", template)
    added("/importar/<token>", "import_preview", preview)
    added("/importar/<token>", "import_decide", decide, "POST")


# ---------------------------------------------------------------- sending a file


def _form(subject: Subject, error: str | None = None) -> Answer:
    page = render_template("console/importing/send.html", subject=subject, error=error, most_rows=MOST_ROWS)
    return page if error is None else (page, 422)


def _send(subject: Subject) -> Answer:
    sent = request.files.get("archivo")
    content = sent.read() if sent else b""
    if not sent or not content:
        return _form(subject, "Escoja un archivo que no esté vacío.")
    here, now = services(), clock()
    report = subject.kind.read(content, here.places, _demo())
    if len(report.rows) + len({problem.line for problem in report.errors}) > MOST_ROWS:
        return _form(subject, f"El archivo tiene más de {MOST_ROWS:,} filas. Pártalo en varios.")
    name = " ".join((sent.filename or "archivo.csv").split())[:80]
    with here.store.begin() as tx:
        token = uploads.keep(tx, subject.kind.name, current().id, name, content, now)
    return redirect(url_for(".import_preview", token=token), 303)


# ---------------------------------------------------------------- what it would change


def _preview(subject: Subject, token: str) -> Answer:
    found = _planned(subject, token)
    return _gone() if found is None else _shown(subject, token, *found)


def _decide(subject: Subject, token: str) -> Answer:
    """Do what was shown, or forget the file."""
    here, me, now = services(), current(), clock()
    if request.form.get("que") == "dejar":
        with here.store.begin() as tx:
            uploads.forget(tx, subject.kind.name, me.id, token)
        flash("No se cambió nada.")
        return redirect(url_for(".import_file"), 303)
    found = _planned(subject, token)
    if found is None:
        return _gone()
    name, plan = found
    if request.form.get("huella") != plan.fingerprint:
        warning = "Mientras tanto algo cambió. Revise otra vez antes de confirmar."
        return _shown(subject, token, name, plan, warning)
    told = {"new": len(plan.new), "changed": len(plan.changed), "wrong": len(plan.report.errors)}
    with here.store.begin() as tx:
        audit.note(tx, me.id, Deed.IMPORTED, f"import:{subject.kind.name}", told)
    intake.bring_in(here.store, subject.kind, plan, now)
    with here.store.begin() as tx:
        uploads.forget(tx, subject.kind.name, me.id, token)
    flash(
        f"Listo: {plural(len(plan.new), f'{subject.one} nuevo', f'{subject.many} nuevos')}, "
        f"{plural(len(plan.changed), 'cambió', 'cambiaron')}, {plan.same:,} sin cambios."
    )
    return redirect(url_for(".import_file"), 303)


def _planned(subject: Subject, token: str) -> tuple[str, Plan[Any]] | None:
    """The file's name, and what it would change as things are now; None when the file is gone."""
    here, now = services(), clock()
    with here.store.begin() as tx:
        found = uploads.found(tx, subject.kind.name, current().id, token, now)
        if found is None:
            return None
        report = subject.kind.read(found.content, here.places, _demo())
        return found.name, intake.plan(tx, subject.kind, report, here.places, now)


def _gone() -> Answer:
    flash("Ese archivo ya no está: se guarda una hora. Súbalo otra vez.", "warning")
    return redirect(url_for(".import_file"), 303)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the preview: some of its rows, how many there are in all, and where those before and after are."""

    key: str
    title: str
    total: int
    rows: Sequence[Any]
    before: str | None
    after: str | None


def _shown(subject: Subject, token: str, name: str, plan: Plan[Any], warning: str | None = None) -> str:
    return render_template(
        "console/importing/preview.html",
        subject=subject,
        token=token,
        name=name,
        plan=plan,
        warning=warning,
        wrong=_part("malas", "Filas con errores", plan.report.errors, token),
        changed=_part("cambian", "Cambian", plan.changed, token),
        new=_part("nuevas", "Nuevas", plan.new, token),
        row_name=lambda change: _name(subject, change),
        cell=_cell,
        wrong_rows=len({problem.line for problem in plan.report.errors}),
    )


def _part(key: str, title: str, rows: Sequence[Any], token: str) -> Part:
    first = request.args.get(key, 0, type=int)
    first = min(max(first, 0), max(len(rows) - 1, 0))

    def address(at: int) -> str:
        asked: dict[str, Any] = {key: at}
        return url_for(".import_preview", token=token, _anchor=key, **asked)

    return Part(
        key,
        title,
        len(rows),
        rows[first : first + SHOWN],
        address(max(first - SHOWN, 0)) if first else None,
        address(first + SHOWN) if first + SHOWN < len(rows) else None,
    )


def _name(subject: Subject, change: Change[Any]) -> str:
    return str(getattr(change.row, subject.named))


def _cell(difference: Difference, which: str) -> str:
    """A cell as people may see it: numbers are masked here too."""
    value = difference.before if which == "before" else difference.after
    return masked(value) if difference.column == "phone" and value else value


def _demo() -> bool | None:
    """Invented rows are taken where nobody real is written to, and there alone."""
    return False if services().settings.live else None


# ---------------------------------------------------------------- exports


def csv_answer(name: str, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> Response:
    """A file to download, sent as its rows come."""
    answer = Response(csv_lines(columns, rows), mimetype="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{clock():%Y-%m-%d}.csv"'
    return answer


# ---------------------------------------------------------------- what is taken in

_WHERE = {
    "key": "Su clave, la misma en cada archivo. Si falta, se forma del nombre y el distrito.",
    "district": "Distrito o barrio; con la provincia si hay varios: Miraflores, Arequipa. Este o ubigeo hace falta.",
    "ubigeo": "Código del distrito, del INEI: 150110.",
    "lat": "Latitud: -11.9572. Sin ella, el centro del barrio o del distrito.",
    "lon": "Longitud: -77.0531.",
    "address": "Dirección, como se le da a la gente.",
    "demo": "si, solo en filas inventadas.",
}

PROVIDERS = Subject(
    kind=intake.PROVIDERS,
    title="Importar proveedores",
    one="proveedor",
    many="proveedores",
    named="name",
    afterwards=(
        "A quien cuida no se le avisa de lo que cambia un archivo. "
        "Si el archivo cambia el nombre, el tipo o el lugar de alguien ya verificado y no dice quién lo verificó, "
        "habrá que verificarlo otra vez."
    ),
    explained={
        **_WHERE,
        "name": "Nombre que leen las familias; 28 letras caben en un SMS.",
        "kind": "cuna más, cuna municipal, guardería, nido, cuidadora o niñera.",
        "phone": "Celular del Perú: 987654321.",
        "min_age": "Desde qué edad recibe: 6m son meses, 3a son años.",
        "max_age": "Hasta qué edad.",
        "days": "Días que abre: lun-vie; sab.",
        "opens": "Hora en que abre: 07:30.",
        "closes": "Hora en que cierra: 17:00.",
        "price": "Soles, o gratis. Vacío si no se sabe.",
        "period": "El precio es por hora, día, semana o mes.",
        "places": "Cuántos niños más puede recibir ahora.",
        "amenities": "Qué ofrece, entre punto y coma: almuerzo; patio.",
        "languages": "Qué habla además de castellano: quechua.",
        "special_needs": "Con qué tiene experiencia: autismo; alergias.",
        "verified": "si o no. Sin nada, queda como está.",
        "verified_by": "Qué persona o institución hizo todas las revisiones que su tipo necesita.",
        "verified_at": "En qué fecha: 2026-11-20.",
    },
)
HUBS = Subject(
    kind=intake.HUBS,
    title="Importar centros",
    one="centro",
    many="centros",
    named="name",
    explained={
        **_WHERE,
        "name": "Nombre que lee la gente; 28 letras caben en un SMS.",
        "services": (
            "Qué tiene, entre punto y coma: internet; computadoras; wifi; impresiones; escaner; carga; clases; "
            "videollamadas."
        ),
        "hours": "Horario, por grupos de días: lun-vie 9-18; sab 9-13.",
        "free": "si es gratis, no si cuesta.",
    },
)
RESOURCES = Subject(
    kind=intake.RESOURCES,
    title="Importar material",
    one="material",
    many="materiales",
    named="title",
    explained={
        "key": "Su clave, la misma en cada archivo: excel-cero.",
        "title": "Título; 44 letras caben en un SMS.",
        "topics": "Palabras con que la gente lo pide, entre punto y coma: excel; hoja de calculo.",
        "level": "basico, intermedio o avanzado.",
        "kind": "sms, radio, impreso o pagina.",
        "language": "Idioma; castellano si falta.",
        "minutes": "Cuántos minutos toma.",
        "kb": "De una página, y solo de ella: cuántos kB gasta.",
        "summary": "Qué se aprende, en 160 letras como máximo.",
        "where": "Dirección https de la página; estación y hora de la radio; servicios que hacen falta para imprimir.",
        "parts": "De una lección por sms: de 2 a 9 mensajes de 150 letras, entre barras: Abra Excel. | Escriba.",
        "source": "De quién es, y su licencia.",
        "demo": "si, solo en filas inventadas.",
    },
)
