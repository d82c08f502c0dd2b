"""An agency to send to in tests: a real HTTP server with the rules of the handover, which misbehaves on demand.

It knows no Django. Behaviours are queued with `then(...)` and each is used by one request; afterwards it behaves well.
"""

from __future__ import annotations

import hashlib
import json
import socket
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self, cast
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

from punktlig.core.money import Money
from punktlig.exchange.messages import (
    Activated,
    ClaimAnswer,
    ClaimEvent,
    ClaimStatus,
    ClaimSubmission,
    ClaimSummary,
    CommandAnswer,
    EventKind,
    EventPage,
    KnownRate,
    KnownRates,
    Letterhead,
    LineAnswer,
    NextEvent,
    Problem,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

API_KEY = "pk_test_of_the_fake_agency"
PAGE = 3  # events a page, few so that reading goes on

LETTERHEAD = Letterhead(
    name="Ekviken Ombud AB", brand="Ekviken Ombud", organisation_number="559012-3446", address="Strandgatan 1",
    postcode="123 47", town="Ekviken", telephone="08-465 004 20", hours="9–16", email="hej@ekviken.example",
    bankgiro="5050-1063", iban="SE4550000000058398257466", bic="ESSESESS", seat="Ekviken",
)  # fmt: skip


@dataclass(frozen=True)
class Behaviour:
    """What the next request meets. `commits` says whether the agency does the work before it answers wrongly."""

    name: str
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    commits: bool = False
    seconds: float = 0.0
    lines: int = 0


def answers(status: int, body: bytes = b"<h1>Oj</h1>", *, commits: bool = False, **headers: str) -> Behaviour:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Behaviour("answer", status, {"content-type": "text/html", **names}, body, commits)


def is_silent(seconds: float = 2.0, *, commits: bool = False) -> Behaviour:
    return Behaviour("silent", seconds=seconds, commits=commits)


def drops(*, commits: bool = True) -> Behaviour:
    return Behaviour("drop", commits=commits)


def drops_after(lines: int) -> Behaviour:
    """Accept all lines of a POST, answer so many of them and hang up."""
    return Behaviour("drop_after", commits=True, lines=lines)


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class FakeAgency:
    """The agency; a context manager that serves on a free port of localhost."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.claims: dict[UUID, ClaimAnswer] = {}
        self.by_invoice: dict[UUID, ClaimAnswer] = {}
        self.refusals: dict[UUID, tuple[str, dict[str, str]]] = {}
        self.commands: dict[UUID, str] = {}
        self.creditors: dict[UUID, str] = {}
        self.events: list[ClaimEvent] = []
        self.rates: list[KnownRate] = []
        self.api_key = API_KEY
        self.pages_at = ""  # where its pages are, when not with its API
        self._refuse: dict[UUID, tuple[str, dict[str, str]]] = {}
        self._refused_commands: set[UUID] = set()
        self._behaviours: deque[Behaviour] = deque()
        self._lock = threading.RLock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.agency = self  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def then(self, *behaviours: Behaviour) -> None:
        self._behaviours.extend(behaviours)

    def will_refuse(self, invoice_id: UUID, code: str, **facts: str) -> None:
        self._refuse[invoice_id] = (code, facts)

    def will_refuse_command(self, command_id: UUID) -> None:
        self._refused_commands.add(command_id)

    def has_claim_elsewhere(self, invoice_id: UUID, sha256: str) -> ClaimAnswer:
        """Let the invoice have been handed over under an id that the sender knows nothing of."""
        return self._accept(uuid4(), invoice_id, sha256)

    def next_behaviour(self) -> Behaviour | None:
        with self._lock:
            return self._behaviours.popleft() if self._behaviours else None

    def claim(self, body: bytes) -> tuple[int, ClaimAnswer | Problem]:
        told = ClaimSubmission.model_validate_json(body)
        sha256 = hashlib.sha256(body).hexdigest()
        with self._lock:
            known = self.claims.get(told.handover_id)
            if known is not None:
                return (200, known) if known.sha256 == sha256 else (422, _problem(422, "handover-id-reused"))
            if told.handover_id in self.refusals:
                return 422, _refusal(*self.refusals[told.handover_id])
            other = self.by_invoice.get(told.invoice_id)
            if other is not None:
                return 409, _problem(409, "invoice-is-claimed", claim_number=other.claim_number, sha256=other.sha256)
            if told.invoice_id in self._refuse:
                self.refusals[told.handover_id] = self._refuse.pop(told.invoice_id)
                return 422, _refusal(*self.refusals[told.handover_id])
            return 201, self._accept(told.handover_id, told.invoice_id, sha256)

    def command(self, command_id: UUID, body: bytes) -> tuple[int, CommandAnswer | Problem]:
        sha256 = hashlib.sha256(body).hexdigest()
        with self._lock:
            if command_id in self._refused_commands:
                return 422, _problem(422, "command-refused", code="claim_is_closed")
            is_new = command_id not in self.commands
            if self.commands.setdefault(command_id, sha256) != sha256:
                return 422, _problem(422, "command-id-reused")
            return 201 if is_new else 200, CommandAnswer(command_id=command_id, sha256=sha256, state="requested")

    def creditor(self, company_id: UUID, body: bytes) -> tuple[int, Activated]:
        with self._lock:
            is_new = company_id not in self.creditors
            self.creditors[company_id] = hashlib.sha256(body).hexdigest()
        return 201 if is_new else 200, Activated(
            company_id=company_id, creditor_id=uuid4(), agency_name="Ekviken Ombud AB",
            portal_url=f"{self.url}/claims", letterhead=LETTERHEAD,
        )  # fmt: skip

    def page(self, after: str) -> EventPage:
        start = int(after) if after else 0
        chosen = self.events[start : start + PAGE]
        return EventPage(events=tuple(chosen), cursor=str(start + len(chosen)), more=start + PAGE < len(self.events))

    def _accept(self, handover_id: UUID, invoice_id: UUID, sha256: str) -> ClaimAnswer:
        number = f"{48_000_000 + len(self.claims)}"
        answer = ClaimAnswer(
            claim_id=uuid4(), claim_number=number, handover_id=handover_id, invoice_id=invoice_id, sha256=sha256,
            portal_url=f"{self.pages_at or self.url}/claims/{number}",
            summary=summary(1, ClaimStatus.RECEIVED, next_event=NextEvent.REMINDER_IS_ISSUED),
        )  # fmt: skip
        self.claims[handover_id] = self.by_invoice[invoice_id] = answer
        return answer


def summary(
    sequence: int,
    status: str,
    *,
    next_event: str | None = None,
    balance: str | None = "1260.00",
    next_event_day: date | None = date(2026, 11, 26),
) -> ClaimSummary:
    return ClaimSummary(
        sequence=sequence, status=status, balance=Money.parse(balance) if balance else None,
        balance_day=date(2026, 11, 25), next_event=next_event,
        next_event_day=next_event_day if next_event else None,
    )  # fmt: skip


def _problem(status: int, name: str, **more: Any) -> Problem:
    facts: dict[str, Any] = {"code": name.replace("-", "_"), **more}
    return Problem(type=f"https://agency.example/problems/{name}", title=name, status=status, **facts)


def _refusal(code: str, facts: dict[str, str]) -> Problem:
    return _problem(422, "claim-refused", code=code, facts=facts)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_GET(self) -> None:
        self._serve()

    def log_message(self, *_: object) -> None:
        pass

    @property
    def agency(self) -> FakeAgency:
        return cast("FakeAgency", self.server.agency)  # type: ignore[attr-defined]

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.agency.requests.append(Request(self.command, self.path, headers, body))
        behaviour = self.agency.next_behaviour()
        if behaviour is not None and not behaviour.commits:
            self._misbehave(behaviour, [])
            return
        if headers.get("authorization") != f"Bearer {self.agency.api_key}":
            self._json(401, _problem(401, "unauthorized"))
            return
        status, answer = self._work(body)
        if behaviour is not None:
            self._misbehave(behaviour, answer if isinstance(answer, list) else [])
        elif isinstance(answer, list):
            self._send(200, b"".join(_line(one) for one in answer), "application/x-ndjson")
        else:
            self._json(status, answer)

    def _work(self, body: bytes) -> tuple[int, Any]:
        where = urlsplit(self.path)
        last = where.path.rsplit("/", 1)[-1]
        match (self.command, where.path.split("/")[3]):
            case ("PUT", "claims"):
                return self.agency.claim(body)
            case ("POST", "claims"):
                return 200, [self._line_answer(number, line) for number, line in enumerate(body.splitlines(), 1)]
            case ("PUT", "commands"):
                return self.agency.command(UUID(last), body)
            case ("PUT", "creditors"):
                return self.agency.creditor(UUID(last), body)
            case ("GET", "events" | "reference-rates" as what):
                return 200, self._told(what, where.query)
        return 404, _problem(404, "not-found")

    def _told(self, what: str, query: str) -> EventPage | KnownRates:
        if what == "events":
            return self.agency.page(parse_qs(query).get("after", [""])[0])
        return KnownRates(rates=tuple(self.agency.rates))

    def _line_answer(self, number: int, line: bytes) -> LineAnswer:
        status, answer = self.agency.claim(line)
        handover_id = UUID(json.loads(line)["handover_id"])
        if isinstance(answer, ClaimAnswer):
            return LineAnswer(line=number, handover_id=handover_id, status=status, claim=answer)
        return LineAnswer(line=number, handover_id=handover_id, status=status, problem=answer)

    def _misbehave(self, behaviour: Behaviour, lines: Sequence[LineAnswer]) -> None:
        self.close_connection = behaviour.name != "answer"
        match behaviour.name:
            case "silent":
                time.sleep(behaviour.seconds)
            case "drop":
                self.connection.shutdown(socket.SHUT_RDWR)
            case "drop_after":
                self.send_response(200)
                self.send_header("content-type", "application/x-ndjson")
                self.send_header("content-length", "9999999")
                self.end_headers()
                self.wfile.write(b"".join(_line(one) for one in lines[: behaviour.lines]))
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_RDWR)
            case _:
                self._send(behaviour.status, behaviour.body, **behaviour.headers)

    def _json(self, status: int, answer: Any) -> None:
        kind = "application/problem+json" if isinstance(answer, Problem) else "application/json"
        self._send(status, answer.model_dump_json(exclude_none=True).encode(), kind)

    def _send(self, status: int, body: bytes, kind: str = "", **headers: str) -> None:
        self.send_response_only(status)
        told = {"date": self.date_time_string()} | ({"content-type": kind} if kind else {}) | headers
        for name, value in told.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _line(answer: LineAnswer) -> bytes:
    return answer.model_dump_json(exclude_none=True).encode() + b"\n"


def event(claim: ClaimAnswer, company_id: UUID, kind: str, told: ClaimSummary, **facts: str) -> ClaimEvent:
    """An event of the claim, as the agency tells it."""
    return ClaimEvent.model_validate({
        "id": uuid4(), "kind": EventKind(kind) if kind in set(EventKind) else kind,
        "at": datetime(2026, 11, 25, 10, 0, tzinfo=UTC),
        "actor": "Ekviken Ombud", "company_id": company_id, "invoice_id": claim.invoice_id,
        "handover_id": claim.handover_id, "claim_id": claim.claim_id, "claim_number": claim.claim_number,
        "facts": facts, "summary": told,
    })  # fmt: skip
