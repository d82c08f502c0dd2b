"""Speaks to the agency: sends exact bytes, and says of every answer what it means for the one who sent them.

Only a problem document of type `…/claim-refused` or `…/command-refused` is a refusal:
a proxy's 404 is not, and neither is anything else that an answer may look like.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Self

import httpx
from pydantic import ValidationError

from punktlig.core.plain_values import plain_value
from punktlig.exchange.certificates import trusted_certificates
from punktlig.exchange.messages import (
    Activated,
    ClaimAnswer,
    CommandAnswer,
    EventPage,
    KnownRates,
    LineAnswer,
    Problem,
)
from punktlig.exchange.outcomes import Acknowledged, Conflict, Refused, Unknown, Why

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from punktlig.exchange.outcomes import ActivationOutcome, ClaimOutcome, CommandOutcome
    from punktlig.exchange.types import Told

# Seconds. Connecting is quick or not at all; a chunk of a thousand claims is accepted within one transaction there.
CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 60.0
# A whole answer, however slowly it drips.
WHOLE_ANSWER_SECONDS = 180.0
# An answer to a thousand lines is about one megabyte.
MOST_ANSWER_BYTES = 20_000_000
# A Retry-After beyond a day is taken for a day.
LONGEST_WAIT_SECONDS = 86_400.0
_SHOWN_CHARACTERS = 200


@plain_value()
class SentClaim:
    """A claim to send: its handover id, the exact bytes and their hash."""

    handover_id: UUID
    body: bytes
    sha256: str


class _NoAnswer(Exception):
    def __init__(self, unknown: Unknown) -> None:
        self.unknown = unknown
        super().__init__(f"{unknown.why}: {unknown.detail}")


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    kind: str
    body: bytes
    retry_after: float | None


class AgencyClient:
    """One connection to one agency's API; a context manager, and not for several threads at once."""

    def __init__(self, url: str, api_key: str, *, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._http = httpx.Client(
            base_url=url.rstrip("/") + "/api/v1/",
            headers={"Authorization": f"Bearer {api_key}", "User-Agent": "punktlig"},
            timeout=httpx.Timeout(answer_seconds, connect=min(CONNECT_SECONDS, answer_seconds)),
            follow_redirects=False,
            verify=trusted_certificates(),
            # Bytes about money never take a way that some variable in the environment names.
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def put_creditor(self, company_id: UUID, body: bytes) -> ActivationOutcome:
        """Send an activation."""
        try:
            answer = self._put(f"creditors/{company_id}", body)
        except _NoAnswer as no:
            return no.unknown
        activated = _read(Activated, answer) if answer.status in _DONE else None
        if activated is None or activated.company_id != company_id:
            return _unknown(answer)
        return Acknowledged(activated)

    def put_claim(self, claim: SentClaim) -> ClaimOutcome:
        """Send one claim."""
        try:
            answer = self._put(f"claims/{claim.handover_id}", claim.body)
        except _NoAnswer as no:
            return no.unknown
        read = _read(ClaimAnswer, answer) if answer.status in _DONE else None
        problem = _problem(answer)
        return _claim_outcome(claim, answer.status, read, problem) or _unknown(answer, problem)

    def post_claims(self, claims: Sequence[SentClaim]) -> dict[UUID, ClaimOutcome]:
        """Send many claims, each a line, and return what became of each; a broken answer leaves the rest unknown."""
        outcomes: dict[UUID, ClaimOutcome] = {}
        missing = Unknown(Why.ANSWER_UNREADABLE, "it ended before this line")
        try:
            for answer in self._post_lines(claims):
                claim = claims[answer.line - 1] if 0 < answer.line <= len(claims) else None
                if claim is None or answer.handover_id not in (None, claim.handover_id):
                    missing = Unknown(Why.ANSWER_UNREADABLE, "it is about other lines than those sent")
                    break
                outcomes[claim.handover_id] = _claim_outcome(
                    claim, answer.status, answer.claim, answer.problem
                ) or _unknown_status(answer.status, answer.problem)
        except _NoAnswer as no:
            missing = no.unknown
        return {claim.handover_id: outcomes.get(claim.handover_id, missing) for claim in claims}

    def put_command(self, command_id: UUID, body: bytes, sha256: str) -> CommandOutcome:
        """Send a command on a claim."""
        try:
            answer = self._put(f"commands/{command_id}", body)
        except _NoAnswer as no:
            return no.unknown
        read = _read(CommandAnswer, answer) if answer.status in _DONE else None
        if read is not None and (read.command_id, read.sha256) == (command_id, sha256):
            return Acknowledged(read)
        problem = _problem(answer)
        if problem is not None and _is_type(problem, "command-refused"):
            return Refused(problem)
        return _unknown(answer, problem)

    def events(self, after: str) -> EventPage | Unknown:
        """Return the events that follow the cursor; an empty cursor is the beginning."""
        try:
            with self._answering("GET", "events", params={"after": after} if after else {}) as response:
                answer = _whole(response)
        except _NoAnswer as no:
            return no.unknown
        page = _read(EventPage, answer) if answer.status == httpx.codes.OK else None
        return page if page is not None else _unknown(answer)

    def reference_rates(self) -> KnownRates | Unknown:
        """Return the reference rates that the agency knows."""
        try:
            with self._answering("GET", "reference-rates") as response:
                answer = _whole(response)
        except _NoAnswer as no:
            return no.unknown
        told = _read(KnownRates, answer) if answer.status == httpx.codes.OK else None
        return told if told is not None else _unknown(answer)

    def _put(self, path: str, body: bytes) -> _Answer:
        with self._answering("PUT", path, content=body, headers={"Content-Type": "application/json"}) as response:
            return _whole(response)

    def _post_lines(self, claims: Sequence[SentClaim]) -> Iterator[LineAnswer]:
        body = b"".join(claim.body + b"\n" for claim in claims)
        with self._answering(
            "POST", "claims", content=body, headers={"Content-Type": "application/x-ndjson"}
        ) as response:
            if response.status_code != httpx.codes.OK:
                raise _NoAnswer(_unknown(_whole(response)))
            for line in _lines(response):
                try:
                    yield LineAnswer.model_validate_json(line)
                except ValidationError as error:
                    raise _NoAnswer(Unknown(Why.ANSWER_UNREADABLE, "a line is no LineAnswer")) from error

    @contextmanager
    def _answering(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Iterator[httpx.Response]:
        try:
            with self._http.stream(method, path, content=content, headers=headers, params=params) as response:
                yield response
        except httpx.ConnectTimeout as error:
            raise _NoAnswer(Unknown(Why.NOT_REACHED, "connecting took too long")) from error
        except httpx.TimeoutException as error:
            raise _NoAnswer(Unknown(Why.NO_ANSWER_IN_TIME)) from error
        except httpx.ConnectError as error:
            raise _NoAnswer(Unknown(Why.NOT_REACHED, _short(str(error)))) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _NoAnswer(Unknown(Why.CONNECTION_BROKE, _short(str(error)) or type(error).__name__)) from error


_DONE = (httpx.codes.OK, httpx.codes.CREATED, httpx.codes.ACCEPTED)


def _claim_outcome(
    claim: SentClaim, status: int, answer: ClaimAnswer | None, problem: Problem | None
) -> Acknowledged[ClaimAnswer] | Refused | Conflict | None:
    """Return what the answer means, or None when it is unknown."""
    if status in _DONE and answer is not None:
        if (answer.handover_id, answer.sha256) == (claim.handover_id, claim.sha256):
            return Acknowledged(answer)
        return None
    if problem is None:
        return None
    if _is_type(problem, "claim-refused"):
        return Refused(problem)
    if status == httpx.codes.CONFLICT and problem.claim_number and problem.sha256:
        return Conflict(problem.claim_number, problem.sha256)
    return None


def _is_type(problem: Problem, name: str) -> bool:
    return problem.type.rsplit("/", 1)[-1] == name


def _problem(answer: _Answer) -> Problem | None:
    if answer.kind != "application/problem+json":
        return None
    return _read(Problem, answer)


def _read[Kind: Told](message: type[Kind], answer: _Answer) -> Kind | None:
    try:
        return message.model_validate_json(answer.body)
    except ValidationError:
        return None


def _whole(response: httpx.Response) -> _Answer:
    body = b"".join(_limited(response))
    return _Answer(
        status=response.status_code,
        kind=response.headers.get("content-type", "").partition(";")[0].strip().lower(),
        body=body,
        retry_after=_retry_after(response.headers),
    )


def _limited(response: httpx.Response) -> Iterator[bytes]:
    # httpx limits the time between two pieces only; an answer that drips for ever must end too.
    latest = time.monotonic() + WHOLE_ANSWER_SECONDS
    size = 0
    for piece in response.iter_bytes():
        size += len(piece)
        if size > MOST_ANSWER_BYTES:
            raise _NoAnswer(Unknown(Why.ANSWER_UNREADABLE, "it is far too long"))
        if time.monotonic() > latest:
            raise _NoAnswer(Unknown(Why.NO_ANSWER_IN_TIME, "it went on for too long"))
        yield piece


def _lines(response: httpx.Response) -> Iterator[bytes]:
    rest = b""
    for piece in _limited(response):
        *lines, rest = (rest + piece).split(b"\n")
        yield from (line for line in lines if line.strip())
    if rest.strip():
        yield rest


def _retry_after(headers: httpx.Headers) -> float | None:
    """Return the seconds that Retry-After asks for, as a number or as a date (RFC 9110 section 10.2.3)."""
    written = headers.get("retry-after", "").strip()
    if not written:
        return None
    if written.isascii() and written.isdigit():
        return min(float(written[:9]), LONGEST_WAIT_SECONDS)
    until, sent = _http_date(written), _http_date(headers.get("date", ""))
    # Measured by the agency's own clock, so that a wrong clock here does not matter.
    if until is None or sent is None:
        return None
    return min(max((until - sent).total_seconds(), 0.0), LONGEST_WAIT_SECONDS)


def _http_date(written: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(written)
    except (ValueError, TypeError):
        return None
    return moment if moment.tzinfo is not None else None


def _unknown(answer: _Answer, problem: Problem | None = None) -> Unknown:
    return _unknown_status(answer.status, problem or _problem(answer), answer.retry_after)


def _unknown_status(status: int, problem: Problem | None, retry_after: float | None = None) -> Unknown:
    match status:
        case httpx.codes.OK | httpx.codes.CREATED | httpx.codes.ACCEPTED:
            return Unknown(Why.ANSWER_UNREADABLE, f"{status}, but not about what was sent", retry_after)
        case httpx.codes.UNAUTHORIZED | httpx.codes.FORBIDDEN:
            why = Why.KEY_NOT_ACCEPTED
        case httpx.codes.TOO_MANY_REQUESTS:
            why = Why.TOO_MANY_REQUESTS
        case _:
            why = Why.OTHER_STATUS
    said = f"{status} {problem.code}: {problem.detail or problem.title}" if problem else str(status)
    return Unknown(why, _short(said), retry_after)


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _SHOWN_CHARACTERS else f"{plain[:_SHOWN_CHARACTERS]}…"
