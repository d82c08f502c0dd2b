"""One claim a call through the agency's API, as another invoicing program would hand invoices over one by one."""

from __future__ import annotations

import http.client
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import islice
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

_MANY, _FEW = 16, 4
_CLAIMS = "claims through the API, one web process"
goal = (Goal(figure=_CLAIMS, bound=Bound.AT_LEAST, limit=400),)

_UNIT = "claims/s"
_WARM_UP = 200
# What a round is divided by: for many clients, for few, for one.
_PARTS = (1, 2, 4)
# A limit on calls would be what is measured.
_UNLIMITED = {"PUNKTLIG_AGENCY_API_CALLS_A_SECOND": "1000000", "PUNKTLIG_AGENCY_API_CALLS_BURST": "1000000"}

_HOW = (
    "Each call is `PUT /api/v1/claims/{{handover_id}}` with an invoice of its own, over HTTP from {many} clients "
    "that keep their connections, to the agency's web server with one process. It is answered when the claim with its "
    "events, journal and number has been committed with `fsync` and `synchronous_commit` on; what comes in the same "
    "moment shares a transaction, so the speed depends on how many ask; with {few} clients and with one it is told "
    "apart. The clients run on the same machine. After the first claims the database is analysed once, as "
    "autovacuum does within a minute: before, PostgreSQL looks claims up by whichever index it knows nothing of."
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
    """Measure chunks of calls, each followed by a chunk of the floor, then by some of fewer clients."""
    size, rounds = (100, 3) if quick else (1_000, 6)
    with Sites(day=letter_cases.LETTER_DAY, **_UNLIMITED) as sites:
        calls = iter(_handovers(sites, _WARM_UP + sum(size // each for each in _PARTS) * rounds))
        _put_all(sites, list(islice(calls, _WARM_UP)), clients=_MANY)
        with sites.connect("agency") as database:
            database.execute("ANALYZE")
        claims, floor, few, one = [], [], [], []
        for _ in range(rounds):
            chunk = list(islice(calls, size))
            claims.append(_put_all(sites, chunk, clients=_MANY))
            floor.append(_insert_all(sites, chunk, clients=_MANY))
            few.append(_put_all(sites, list(islice(calls, size // _PARTS[1])), clients=_FEW))
            one.append(_put_all(sites, list(islice(calls, size // _PARTS[2])), clients=1))
    return Result(
        title="One claim through the API",
        figures=(
            Figure(name=_CLAIMS, unit=_UNIT, values=_speeds(claims), floor_values=_speeds(floor)),
            _processor("processor time of the web server and the database", claims),
            _waiting("half of the answers came within", 50, claims, floor),
            _waiting("19 of 20 answers came within", 95, claims, floor),
            Figure(name=f"with {_FEW} clients", unit=_UNIT, values=_speeds(few)),
            _waiting(f"with {_FEW} clients, half of the answers came within", 50, few),
            Figure(name="with one client", unit=_UNIT, values=_speeds(one)),
            _waiting("with one client, half of the answers came within", 50, one),
        ),
        notes=(f"{size:,} claims a round, {rounds} rounds. {_HOW.format(many=_MANY, few=_FEW)}", _FLOOR),
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


def _put_all(sites: Sites, calls: Sequence[Call], *, clients: int) -> Timed:
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
    timed = _side_by_side(client, calls, clients)
    return Timed(timed.seconds, timed.each, sites.serving_seconds() - before)


def _insert_all(sites: Sites, calls: Sequence[Call], *, clients: int) -> Timed:
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
            return _side_by_side(client, calls, clients)
        finally:
            database.execute("DROP TABLE floor_of_claims")


def _side_by_side(client: Callable[[Sequence[Call]], list[float]], calls: Sequence[Call], clients: int) -> Timed:
    with ThreadPoolExecutor(clients) as pool:
        started = perf_counter()
        taken = list(pool.map(client, [calls[number::clients] for number in range(clients)]))
        return Timed(perf_counter() - started, tuple(one for own in taken for one in own))


def _speeds(chunks: Sequence[Timed]) -> tuple[float, ...]:
    return tuple(len(chunk.each) / chunk.seconds for chunk in chunks)


def _processor(figure: str, chunks: Sequence[Timed]) -> Figure:
    return Figure(
        name=figure,
        unit="µs a claim",
        values=tuple(chunk.processor_seconds / len(chunk.each) * 1_000_000 for chunk in chunks),
    )


def _waiting(figure: str, percent: int, claims: Sequence[Timed], floor: Sequence[Timed] = ()) -> Figure:
    return Figure(
        name=figure,
        unit="ms",
        values=tuple(percentile(chunk.each, percent) * 1_000 for chunk in claims),
        floor_values=tuple(percentile(chunk.each, percent) * 1_000 for chunk in floor),
    )


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value that so many of a hundred do not exceed."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]
