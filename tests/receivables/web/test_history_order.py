"""The order of an invoice's history holds when clocks differ, and within a second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import uuid4

from punktlig.receivables.records.models import HistoryLine
from punktlig.receivables.web.history_order import newest_first

SENT_AT = datetime(2026, 11, 25, 8, 0, 10, 250_000, tzinfo=UTC)
SECOND = SENT_AT.replace(microsecond=0)


def line(code: str, at: datetime, *, by_agency: bool = False, sequence: int | None = None) -> HistoryLine:
    return HistoryLine(id=uuid4(), code=code, at=at, by_agency=by_agency, sequence=sequence)


def test_what_was_sent_comes_before_what_was_received_in_the_same_second() -> None:
    entered = line("invoice_entered", SENT_AT - timedelta(days=40))
    sent = line("invoice_sent", SENT_AT)
    received = line("claim_received", SECOND, by_agency=True, sequence=1)
    for lines in permutations([entered, sent, received]):
        assert newest_first(lines, sent_at=SENT_AT) == [received, sent, entered]


def test_an_agency_whose_clock_is_slow_has_not_received_before_we_sent() -> None:
    sent = line("invoice_sent", SENT_AT)
    received = line("claim_received", SECOND - timedelta(seconds=40), by_agency=True, sequence=1)
    assert newest_first([received, sent], sent_at=SENT_AT) == [received, sent]


def test_a_refusal_stays_before_the_sending_that_followed_it() -> None:
    refused = line("handover_refused", SENT_AT - timedelta(minutes=5), by_agency=True)
    sent = line("invoice_sent", SENT_AT)
    assert newest_first([refused, sent], sent_at=SENT_AT) == [sent, refused]


def test_the_agencys_lines_of_one_second_follow_its_own_numbers() -> None:
    codes = ("reminder_issued", "reminder_sent", "last_day_passed")
    told = [line(code, SECOND, by_agency=True, sequence=number) for number, code in enumerate(codes, start=2)]
    for lines in permutations(told):
        assert newest_first(lines, sent_at=SENT_AT - timedelta(days=1)) == told[::-1]


def test_a_payment_told_comes_before_its_confirmation() -> None:
    told = line("payment_recorded", SECOND + timedelta(milliseconds=900))
    confirmed = line("payment_confirmed", SECOND, by_agency=True, sequence=4)
    order = newest_first([told, confirmed], sent_at=SENT_AT - timedelta(days=1))
    assert order == [confirmed, told]
