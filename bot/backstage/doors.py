"""Its doors. Every request is signed as the carrier signs its own."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, abort, jsonify, request

from bot import clock, jobs
from bot.backstage import coming, people, story
from bot.webhooks import services, signed

backstage = Blueprint("backstage", __name__, url_prefix="/backstage")


@backstage.get("/story")
@signed
def tell_story() -> Response:
    """What became of the message with the carrier's id `sid`. 404 for one that never came."""
    here = services()
    with here.store.begin() as tx:
        told = story.of(tx, request.args.get("sid", ""), here.places, include_demo=not here.settings.live)
    if told is None:
        abort(404)
    return jsonify(told)


@backstage.get("/coming")
@signed
def tell_what_comes() -> Response:
    """How much is being done now, and what waits for its time, until `until` at most."""
    until = request.args.get("until", type=_moment)
    if until is None:
        abort(400)
    now = clock.now()
    with services().store.begin() as tx:
        return jsonify({"busy": coming.busy(tx, now), "events": coming.events(tx, now, until)})


@backstage.get("/names")
@signed
def tell_names() -> Response:
    """What those are called who are on file with one of these numbers (`number`, any times)."""
    with services().store.begin() as tx:
        return jsonify(people.names(tx, request.args.getlist("number")[:50]))


@backstage.post("/wake")
@signed
def wake() -> Response:
    """The time was moved: look at once for what is due."""
    services().jobs.push(jobs.SWEEP)
    return Response(status=204)


def _moment(given: str) -> datetime:
    """Raises ValueError."""
    moment = datetime.fromisoformat(given)
    if moment.tzinfo is None:
        raise ValueError("has no time zone")
    return moment
