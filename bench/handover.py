"""Ten thousand chosen invoices of one company handed over, each becoming a claim with its reminder."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from bench import ledgers, letter_cases
from bench.results import Bound, Figure, Goal, Result
from bench.row_floor import seconds_to_copy
from bench.sites import Sites
from punktlig.core.timetable import reminder_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bench.sites import SiteProcess

name = "handover"

_ALL = "all of it, side by side as the workers do it"
_CONFIRMED = "the same from the confirmation on, without its preview"
goal = (Goal(figure=_ALL, bound=Bound.AT_LEAST, limit=1_500),)

_UNIT = "invoices/s"
_PREVIEW = "preview: judge all"
_CONFIRM = "confirm: judge all again, store the exact bytes"
_SEND = "send, accept, store the answers"
_RECEIVED = "tell and apply that claims were received"
_ROUND = "daily round: book the fee, store the letter's content"
_ISSUED = "tell and apply that reminders were issued"
_PARTS = (_PREVIEW, _CONFIRM, _SEND, _RECEIVED, _ROUND, _ISSUED)
# A worker is woken by what was written, so none of the others has to look as often as this.
_PAUSE = 0.1

# Every table that a handover, a claim and its reminder write to, with the column that says whose a row is.
_AT_RECEIVABLES = {
    "receivables_invoice": "company_id",
    "receivables_sending_run_part": "company_id",
    "receivables_handover": "company_id",
    "receivables_history_line": "company_id",
}
_AT_AGENCY = {
    "agency_claim": "creditor_id",
    "agency_claim_number": "creditor_id",
    "agency_claim_step": "creditor_id",
    "agency_journal_entry": "creditor_id",
    "agency_posting": "creditor_id",
    "agency_letter": "creditor_id",
    "agency_delivery": "creditor_id",
    "agency_claim_event": "creditor_id",
    "agency_feed_entry": "creditor_id",
}

_WHAT = (
    "Each run is a new company with as many overdue invoices as are chosen, of different customers, amounts and due "
    "dates, with one to three lines each and part payments on a third: the cases that the letters are measured with. "
    "It ends when for every invoice the claim's number, sequence and balance at the creditor's site are those of the "
    "agency, and the agency's journal is what its newest event says. Letters are decided, written and stored; PDFs are "
    "made when they leave, and are measured under Letters."
)
_PROCESSES = (
    "Real processes on one machine: two workers of each site, a web process of each, and one PostgreSQL with `fsync` "
    "and `synchronous_commit` on. Claims go over HTTP in chunks of 1,000. Events come back by reading the feed, in the "
    "web process, where those that webhooks bring are taken too. The databases are analysed once, before the companies "
    "of the runs exist, so that it does not matter when autovacuum comes. *Side by side*, both workers of a site share "
    "what there is to confirm, to send and to issue, and events are told and read meanwhile. *One part after another* "
    "gives the parts, each with the processor time of all processes."
)
_FLOOR = (
    "The floor is PostgreSQL taking the same rows of the same tables, {rows:,.0f} for each invoice, by COPY into empty "
    "unlogged tables without an index, a key or a policy. Rows that were changed on the way count once."
)


class SitesDisagree(AssertionError):
    """The two sites do not tell the same of a claim, so the speed would be that of a broken handover."""


@dataclass
class _Run:
    """One company's invoices, ready to be handed over, and what has been measured of them."""

    sites: Sites
    company: str
    invoices: list[str]
    seconds: dict[str, float] = field(default_factory=dict)
    processor_seconds: dict[str, float] = field(default_factory=dict)


def run(*, quick: bool) -> Result:
    """Measure handovers in parts and side by side, each several times, with the floor of each."""
    count, rounds = (1_000, 1) if quick else (10_000, 3)
    with Sites(day=letter_cases.LETTER_DAY) as sites:
        _all_at_once(_new_run(sites, 0, 200))  # the first time also fills caches, as in a system that has been running
        # Autovacuum would do it at some moment or other; the runs' own companies are then unknown to the statistics.
        for site in ("agency", "receivables"):
            with sites.connect(site) as database:
                database.execute("ANALYZE")
        in_parts, together, floors, rows = [], [], [], 0.0
        for number in range(rounds):
            apart = _new_run(sites, 2 * number + 1, count)
            _in_parts(apart)
            in_parts.append(apart)
            beside = _new_run(sites, 2 * number + 2, count)
            _all_at_once(beside)
            together.append(beside)
            seconds, rows = _floor(beside)
            floors.append(count / seconds)
    return Result(
        title="Handover of many invoices",
        figures=(
            Figure(
                name=_ALL,
                unit=_UNIT,
                values=tuple(count / one.seconds[_ALL] for one in together),
                floor_values=tuple(floors),
            ),
            Figure(
                name=_CONFIRMED,
                unit=_UNIT,
                values=tuple(count / one.seconds[_CONFIRMED] for one in together),
                floor_values=tuple(floors),
            ),
            Figure(
                name="all of it, one part after another",
                unit=_UNIT,
                values=tuple(count / sum(one.seconds.values()) for one in in_parts),
                floor_values=tuple(floors),
            ),
            *(
                Figure(name=part, unit=_UNIT, values=tuple(count / one.seconds[part] for one in in_parts))
                for part in _PARTS
            ),
            *(
                Figure(
                    name=f"{part.partition(':')[0].partition(',')[0]}, processor time",
                    unit="µs an invoice",
                    values=tuple(one.processor_seconds[part] / count * 1_000_000 for one in in_parts),
                )
                for part in _PARTS
            ),
        ),
        notes=(
            f"{count:,} invoices a run, {rounds} runs each way. The daily round is included. {_WHAT}",
            _PROCESSES,
            _FLOOR.format(rows=rows / count),
        ),
    )


def _new_run(sites: Sites, number: int, count: int) -> _Run:
    """Return a run with a company of its own, as sales users find it before they choose."""
    sites.set_day(letter_cases.LETTER_DAY)
    company = sites.new_company(f"Bolag {number}")
    with sites.connect("receivables") as database:
        invoices = ledgers.fill_with_cases(database, company, range(count), at=datetime.now(UTC))
    return _Run(sites, str(company), [str(one) for one in invoices])


def _in_parts(it: _Run) -> None:
    """Do one part after the other, each measured alone."""
    sites = it.sites
    shown = _part(it, _PREVIEW, (sites.receivables, "preview", it.company, it.invoices))
    _part(
        it,
        _CONFIRM,
        (sites.receivables, "confirm", it.company, it.invoices, shown),
        (sites.receivables, "hand_over"),
    )
    _part(it, _SEND, (sites.receivables, "send"))
    _part(it, _RECEIVED, (sites.agency, "publish"), (sites.receivables, "hear"))
    sites.set_day(reminder_day(sites.day))
    _part(it, _ROUND, (sites.agency, "do_the_round"))
    _part(it, _ISSUED, (sites.agency, "publish"), (sites.receivables, "hear"))
    _refuse_disagreement(it)


def _part(it: _Run, part: str, *calls: tuple[SiteProcess, str, *tuple[object, ...]]) -> object:
    before, returned = it.sites.processor_seconds(), None
    it.seconds[part] = 0.0
    for process, function, *arguments in calls:
        answer = process.call(function, *arguments)
        it.seconds[part] += answer.seconds
        returned = answer.returned
    it.processor_seconds[part] = it.sites.processor_seconds() - before
    return returned


def _all_at_once(it: _Run) -> None:
    """Do all of it as the processes of both sites do, side by side."""
    sites, over = it.sites, threading.Event()
    started = time.perf_counter()
    shown = sites.receivables.call("preview", it.company, it.invoices).returned
    confirmed = time.perf_counter()
    sites.receivables.call("confirm", it.company, it.invoices, shown)
    with ThreadPoolExecutor(3) as beside:
        hearing = beside.submit(_hear_until, over, sites.receivables)
        try:
            sending = [beside.submit(worker.call, "hand_over_and_send") for worker in sites.receivables_workers]
            while wait(sending, _PAUSE).not_done:
                sites.agency.call("publish")
            for each in sending:
                each.result()
            # Midnight waits for nothing: what was received last is told and heard while reminders are issued.
            sites.set_day(reminder_day(sites.day))
            issuing = [
                beside.submit(sites.agency.call, "do_the_round_and_publish"),
                beside.submit(sites.second_agency.call, "do_the_round"),
            ]
            for each in issuing:
                each.result()
            sites.agency.call("publish")
        finally:
            over.set()
        hearing.result()
    sites.receivables.call("hear")
    ended = time.perf_counter()
    it.seconds |= {_ALL: ended - started, _CONFIRMED: ended - confirmed}
    _refuse_disagreement(it)


def _hear_until(over: threading.Event, process: SiteProcess) -> None:
    while not over.wait(_PAUSE):
        process.call("hear")


def _floor(it: _Run) -> tuple[float, int]:
    """Return the seconds of the floor, and how many rows it took."""
    with it.sites.connect("receivables") as database:
        here_seconds, here_rows = seconds_to_copy(database, _AT_RECEIVABLES, UUID(it.company))
    with it.sites.connect("agency") as database:
        row = database.execute("SELECT id FROM agency_creditor WHERE company_id = %s", [it.company]).fetchone()
        assert row is not None
        there_seconds, there_rows = seconds_to_copy(database, _AT_AGENCY, row[0])
    return here_seconds + there_seconds, here_rows + there_rows


def _refuse_disagreement(it: _Run) -> None:
    """Raise SitesDisagree unless every invoice has a claim, and both sites say the same of it."""
    here, there = told_by_receivables(it), told_by_agency(it)
    if here.keys() != set(map(UUID, it.invoices)) or here != there:
        wrong = [key for key in here.keys() | there.keys() if here.get(key) != there.get(key)]
        raise SitesDisagree(f"{len(wrong)} of {len(it.invoices)}, such as {[here.get(wrong[0]), there.get(wrong[0])]}")


_HERE = """
SELECT id, claim_number, claim_sequence, claim_balance_ore, agency_state
FROM receivables_invoice WHERE company_id = %s AND agency_state <> ''
"""
# What the journal holds of fees and principal, the interest beside it, and the letter that asks for the three.
_THERE = """
SELECT claim.invoice_id, claim.number, claim.sequence, letter.total_ore,
    CASE WHEN claim.status = 'reminder_issued' AND letter.total_ore = letter.interest_ore + (
        SELECT sum(amount_ore) FROM agency_posting AS posting WHERE posting.creditor_id = claim.creditor_id
        AND posting.claim_id = claim.id AND posting.account IN ('principal_owed', 'fees_owed')
    ) THEN 'reminder_planned' ELSE claim.status END
FROM agency_claim AS claim
JOIN agency_creditor AS creditor ON creditor.id = claim.creditor_id
JOIN agency_letter AS letter ON letter.creditor_id = claim.creditor_id AND letter.claim_id = claim.id
WHERE creditor.company_id = %s
"""

type Told = Mapping[UUID, tuple[object, ...]]


def told_by_receivables(it: _Run) -> Told:
    """Return number, sequence, balance and state of each claim, by invoice."""
    with it.sites.connect("receivables") as database:
        return {row[0]: row[1:] for row in database.execute(_HERE, [it.company])}


def told_by_agency(it: _Run) -> Told:
    """Return the same as the agency holds it, its state as the receivables site says it."""
    with it.sites.connect("agency") as database:
        return {row[0]: row[1:] for row in database.execute(_THERE, [it.company])}
