"""The rates that the agency adds between releases are heard here, once, and a preview reckons with them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, connection, transaction

from punktlig.core.late_rate import KNOWN_RATES, RateUnknown
from punktlig.exchange.messages import KnownRate
from punktlig.receivables.jobs.read_reference_rates import read_reference_rates
from punktlig.receivables.records.models import HeardRate
from punktlig.receivables.records.reference_rates import all_known_rates, known_rates
from punktlig.receivables.records.sending_facts import prepare
from punktlig.receivables.web.reminder_amounts import reminder_on
from punktlig.tenancy.context import acting_for
from tests.receivables.fake_agency import answers
from tests.receivables.sending_samples import make_invoice

if TYPE_CHECKING:
    from punktlig.receivables.records.models import Company
    from punktlig.tenancy.models import User
    from tests.receivables.fake_agency import FakeAgency
    from tests.receivables.jobs.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)

JANUARY, JULY = date(2027, 1, 1), date(2027, 7, 1)
SECOND, FOURTH = date(2027, 1, 2), date(2027, 1, 4)


def told(percent: str, valid_from: date = JANUARY, source: str = "SFS 2026:1400") -> KnownRate:
    return KnownRate(valid_from=valid_from, percent=Decimal(percent), source=source)


@pytest.fixture
def agency(agency: FakeAgency, clock: Clock) -> FakeAgency:  # noqa: ARG001 - the jobs' clock
    agency.rates = [told(f"{row.percent:.2f}", row.valid_from, row.source) for row in KNOWN_RATES.rows]
    return agency


def test_what_we_know_already_is_not_stored(agency: FakeAgency) -> None:
    read_reference_rates()
    assert [request.path for request in agency.requests] == ["/api/v1/reference-rates"]
    assert not HeardRate.objects.exists()
    assert all_known_rates() is KNOWN_RATES


def test_a_rate_the_agency_has_added_is_heard_once(agency: FakeAgency, clock: Clock) -> None:
    agency.rates.append(told("2.50"))
    read_reference_rates()
    kept = HeardRate.objects.get()
    assert (kept.valid_from, kept.percent, kept.source, kept.heard_at) == (
        JANUARY, Decimal("2.50"), "SFS 2026:1400", clock.at,
    )  # fmt: skip
    clock.pass_by(hours=1)
    read_reference_rates()
    assert HeardRate.objects.get().heard_at == kept.heard_at
    assert known_rates(FOURTH).percent(FOURTH) == Decimal("2.50")
    agency.rates.append(told("3.00", JULY))
    read_reference_rates()
    assert all_known_rates().known_through == date(2027, 12, 31)


def test_a_rate_that_is_known_is_never_changed_and_the_difference_is_told(
    agency: FakeAgency, caplog: pytest.LogCaptureFixture
) -> None:
    agency.rates.append(told("2.50"))
    read_reference_rates()
    agency.rates[-1] = told("3.00")
    agency.rates[0] = told("9.50", agency.rates[0].valid_from)
    read_reference_rates()
    assert all_known_rates().percent(JANUARY) == Decimal("2.50")
    loud = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert loud == [
        "the agency reckons with 9.50 % from 2002-07-01 where we know 4.50 %: previews and letters differ",
        "the agency reckons with 3.00 % from 2027-01-01 where we know 2.50 %: previews and letters differ",
    ]


def test_a_rate_that_cannot_be_right_is_not_taken(agency: FakeAgency, caplog: pytest.LogCaptureFixture) -> None:
    agency.rates.append(told("2.31"))
    read_reference_rates()
    assert not HeardRate.objects.exists()
    assert "cannot be right: rate_is_no_half_step" in caplog.text


def test_an_agency_that_does_not_answer_or_knows_no_such_address_changes_nothing(agency: FakeAgency) -> None:
    agency.rates.append(told("2.50"))
    agency.then(answers(503), answers(404))
    read_reference_rates()
    read_reference_rates()
    assert not HeardRate.objects.exists()
    read_reference_rates()
    assert HeardRate.objects.count() == 1


def test_the_application_may_not_change_what_it_has_heard(agency: FakeAgency) -> None:
    agency.rates.append(told("2.50"))
    read_reference_rates()
    for statement in ("UPDATE receivables_heard_rate SET percent = 9", "DELETE FROM receivables_heard_rate"):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


def test_after_the_new_year_an_invoice_waits_until_the_agency_tells_the_rate(
    agency: FakeAgency, company: Company, user: User
) -> None:
    assert user.is_active
    with acting_for(company.id):
        invoice = make_invoice(company)  # 1 200 kr, due on 15 October: interest from the 16th
        (waiting,) = prepare(company.id, [invoice.id], today=SECOND)
        assert [type(refusal) for refusal in waiting.refusals] == [RateUnknown]
        assert reminder_on(waiting, FOURTH) is None
    agency.rates.append(told("2.50"))
    read_reference_rates()
    with acting_for(company.id):
        (ready,) = prepare(company.id, [invoice.id], today=SECOND)
        assert ready.refusals == ()
        reminder = reminder_on(ready, FOURTH)
    assert reminder is not None
    # 16 October to 31 December is 77 days at 2 + 8 %, 1 to 4 January 4 days at 2.5 + 8 %, both years of 365 days:
    # 1200 × (0.10 × 77 + 0.105 × 4) / 365 = 25.3151 + 1.3808 = 26.70 kr. The next day adds 0.3452, so 35 öre.
    assert (reminder.interest_amount.ore, reminder.growth and reminder.growth.ore) == (26_70, 35)


def test_the_last_day_of_the_year_tells_what_the_first_of_the_next_adds(
    agency: FakeAgency, company: Company, user: User
) -> None:
    assert user.is_active
    thirtieth = date(2026, 12, 30)
    agency.rates.append(told("2.50"))
    with acting_for(company.id):
        invoice = make_invoice(company)
        (before,) = prepare(company.id, [invoice.id], today=thirtieth)
    read_reference_rates()
    with acting_for(company.id):
        (after,) = prepare(company.id, [invoice.id], today=thirtieth)
    # The next bank day after 30 December 2026 is 4 January: with the rate unknown the letter cannot be foreseen.
    assert [type(refusal) for refusal in before.refusals] == [RateUnknown]
    assert after.refusals == ()
