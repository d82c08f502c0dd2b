"""One claim a call through the agency's API, as another invoicing program would hand invoices over one by one."""

from __future__ import annotations

import http.client
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from statistics import quantiles
from time import perf_counter
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import psycopg

from bench import ledgers, letter_cases
from bench.results import Bound, Figure, Goal, Result
from bench.sites import Sites
from punktlig.run.postgres import PORT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

name = "api-claim"

_CLAIMS = "claims through the API, one web process"
goal = (Goal(figure=_CLAIMS, bound=Bound.AT_LEAST, limit=400),)

_UNIT = "claims/s"
_CLIENTS = 4
_WARM_UP = 100
# A limit on calls would be what is measured.
_UNLIMITED = {"PUNKTLIG_AGENCY_API_CALLS_A_SECOND": "1000000", "PUNKTLIG_AGENCY_API_CALLS_BURST": "1000000"}

_HOW = (
    "Each call is `PUT /api/v1/claims/{{handover_id}}` with an invoice of its own, over HTTP from {clients} clients "
    "that keep their connections, to the agency's web server with one process. It is answered when the claim with its "
    "events, journal and number has been committed with `fsync` and `synchronous_commit` on. The clients run on the "
    "same machine."
)
_FLOOR = (
    "The floor is psycopg storing the same bytes as one row and committing, once a call, from as many connections to "
    "the same server, without a web server between."
)


class NotAccepted(AssertionError):
    """A claim was not made, so the speed would be that of a refusal."""


@dataclass(frozen=True, slots=True)
class Call:
    """A claim to hand over."""

    handover_id: UUID
    body: bytes


@dataclass(frozen=True, slots=True)
class Timed:
    """What a chunk of calls took: altogether, each by itself, and of the processor of the web server and the database.

    All in seconds.
    """

    seconds: float
    each: tuple[float, ...]
    processor_seconds: float = 0.0


def run(*, quick: bool) -> Result:
    """Measure chunks of calls, each followed by a chunk of the floor."""
    size, rounds = (100, 3) if quick else (1_000, 6)
    with Sites(day=letter_cases.LETTER_DAY, **_UNLIMITED) as sites:
        calls = _handovers(sites, _WARM_UP + size * rounds)
        _put_all(sites, calls[:_WARM_UP])
        claims, floor = [], []
        for start in range(_WARM_UP, len(calls), size):
            claims.append(_put_all(sites, calls[start : start + size]))
            floor.append(_insert_all(sites, calls[start : start + size]))
    return Result(
        title="One claim through the API",
        figures=(
            Figure(name=_CLAIMS, unit=_UNIT, values=_speeds(claims), floor_values=_speeds(floor)),
            Figure(
                name="processor time of the web server and the database",
                unit="µs a claim",
                values=tuple(one.processor_seconds / size * 1_000_000 for one in claims),
            ),
            _waiting("half of the answers came within", 50, claims, floor),
            _waiting("19 of 20 answers came within", 95, claims, floor),
        ),
        notes=(f"{size:,} claims a round, {rounds} rounds. {_HOW.format(clients=_CLIENTS)}", _FLOOR),
    )


def _handovers(sites: Sites, count: int) -> list[Call]:
    """Return claims to hand over: the bytes that the receivables site would send, which are not sent by it."""
    company_id = sites.new_company("Bolaget")
    company = str(company_id)
    with sites.connect("receivables") as database:
        invoices = ledgers.fill_with_cases(database, company_id, range(count), at=datetime.now(UTC))
        chosen = [str(one) for one in invoices]
        shown = sites.receivables.call("preview", company, chosen).returned
        sites.receivables.call("confirm", company, chosen, shown)
        sites.receivables.call("hand_over")
        rows = database.execute("SELECT id, body FROM receivables_handover WHERE company_id = %s", [company])
        return [Call(handover_id, bytes(body)) for handover_id, body in rows]


def _put_all(sites: Sites, calls: Sequence[Call]) -> Timed:
    host = sites.agency_url.partition("//")[2]
    headers = {"Authorization": f"Bearer {sites.api_key}", "Content-Type": "application/json"}

    def client(own: Sequence[Call]) -> list[float]:
        connection = http.client.HTTPConnection(host)
        taken = []
        for call in own:
            started = perf_counter()
            connection.request("PUT", f"/api/v1/claims/{call.handover_id}", call.body, headers)
            response = connection.getresponse()
            answer = response.read()
            taken.append(perf_counter() - started)
            if response.status != HTTPStatus.CREATED:
                raise NotAccepted(f"{response.status}: {answer[:500]!r}")
        connection.close()
        return taken

    before = sites.serving_seconds()
    timed = _side_by_side(client, calls)
    return Timed(timed.seconds, timed.each, sites.serving_seconds() - before)


def _insert_all(sites: Sites, calls: Sequence[Call]) -> Timed:
    with sites.connect("agency") as database:
        database.execute("CREATE TABLE floor_of_claims (id uuid PRIMARY KEY, body bytea NOT NULL)")
        database.execute("GRANT INSERT ON floor_of_claims TO agency_app")

        def client(own: Sequence[Call]) -> list[float]:
            taken = []
            with psycopg.connect(host=str(sites.sockets), port=PORT, user="agency_app", dbname="agency") as connection:
                for call in own:
                    started = perf_counter()
                    connection.execute("INSERT INTO floor_of_claims VALUES (%s, %s)", [uuid4(), call.body])
                    connection.commit()
                    taken.append(perf_counter() - started)
            return taken

        try:
            return _side_by_side(client, calls)
        finally:
            database.execute("DROP TABLE floor_of_claims")


def _side_by_side(client: Callable[[Sequence[Call]], list[float]], calls: Sequence[Call]) -> Timed:
    with ThreadPoolExecutor(_CLIENTS) as pool:
        started = perf_counter()
        taken = list(pool.map(client, [calls[number::_CLIENTS] for number in range(_CLIENTS)]))
        return Timed(perf_counter() - started, tuple(one for own in taken for one in own))


def _speeds(chunks: Sequence[Timed]) -> tuple[float, ...]:
    return tuple(len(chunk.each) / chunk.seconds for chunk in chunks)


def _waiting(figure: str, percent: int, claims: Sequence[Timed], floor: Sequence[Timed]) -> Figure:
    return Figure(
        name=figure,
        unit="ms",
        values=tuple(percentile(chunk.each, percent) * 1_000 for chunk in claims),
        floor_values=tuple(percentile(chunk.each, percent) * 1_000 for chunk in floor),
    )


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value that so many of a hundred do not exceed."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]
