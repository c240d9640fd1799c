"""An autosave's time in the server, p95 of many, beside the bare ModelForm's whole save over HTTP alike."""

import contextlib
import http.client
import statistics
import time
from urllib.parse import urlencode

from django.conf import settings

from bench import client, pages, rows
from bench.harness import Result, compare
from bench.serving import Visitor, log_in, served, visit
from municipalities.models import Municipality, Role
from survey.models import Initiative

COUNT, ROUNDS = 200, 5
EACH = 9  # initiatives in a submission; 706 from 80 municipalities in 2022


def run() -> list[Result]:
    with contextlib.ExitStack() as stack:
        pages.make_bare_table()
        ours = stack.enter_context(served("config.wsgi", "config.settings"))
        bare = stack.enter_context(served("bench.bare.wsgi", pages.BARE_SETTINGS))
        user = rows.build_user("autosave", Role.EDITOR, Municipality.objects.all()[:1])
        rows.build_reported(706, user)  # the peers with which amounts are compared
        our, its = _our_visitor(ours, user), pages.bare_visitors(bare, [user])[0]
        return [
            compare(
                f"autosave, p95 of {COUNT}",
                lambda: _p95(ours, our, {"HX-Request": "true"}),
                lambda: _p95(bare, its, {}),
                unit="ms",
                rounds=ROUNDS,
            )
        ]


def _our_visitor(port: int, user) -> Visitor:
    survey_round = rows.build_round()
    rows.build_working_copies(survey_round, EACH, user)
    initiative = Initiative.objects.visible_to(user).filter(submission__round=survey_round).first()
    address = initiative.get_absolute_url()
    visitor = visit(port, address, log_in(user, settings.AUTHENTICATION_BACKENDS[0]), pages.OURS)
    visitor.path = f"{address}kladde/"
    return visitor


def _p95(port: int, visitor: Visitor, headers: dict) -> float:
    """Milliseconds from the request to the whole answer, on one open connection."""
    connection = http.client.HTTPConnection(client.HOST, port)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    headers = headers | kind | {"Cookie": visitor.cookie}
    times = []
    for _ in range(COUNT):
        body = urlencode(visitor.fields | {"revision": visitor.revision}, doseq=True)
        began = time.perf_counter()
        connection.request("POST", visitor.path, body, headers)
        answer = connection.getresponse()
        answer.read()
        times.append(1000 * (time.perf_counter() - began))
        if answer.status not in (200, 302):
            raise RuntimeError(f"{visitor.path}: {answer.status}")
        visitor.revision += 1
    connection.close()
    return statistics.quantiles(times, n=20)[-1]
