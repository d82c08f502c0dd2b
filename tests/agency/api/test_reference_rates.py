"""Other programs read the rates that the agency reckons with, and a claim's balance uses the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from punktlig.agency.api.door import api
from punktlig.core.late_rate import KNOWN_RATES
from punktlig.exchange.messages import ClaimAnswer, KnownRates
from tests.agency.api.calling import Caller
from tests.agency.rates import JANUARY, SOURCE, add, administrator, enter
from tests.agency.samples import submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def caller() -> Caller:
    return Caller()


def rates(caller: Caller) -> KnownRates:
    response = caller.get("/reference-rates")
    assert response.status_code == 200
    return KnownRates.model_validate_json(response.content)


def test_every_known_rate_is_told_oldest_first(caller: Caller) -> None:
    told = rates(caller).rates
    assert [(one.valid_from, one.percent, one.source) for one in told] == [
        (row.valid_from, row.percent, row.source) for row in KNOWN_RATES.rows
    ]
    # Negative ones too, and with two decimals.
    written = caller.get("/reference-rates").json()["rates"]
    assert written[28] == {"valid_from": "2016-07-01", "percent": "-0.50", "source": told[28].source}


def test_an_added_rate_is_told_once_it_is_approved(caller: Caller) -> None:
    enter(administrator("Eva Ny"), "2.50", today=JANUARY)
    assert rates(caller).rates[-1].valid_from == date(2026, 7, 1)


def test_an_approved_rate_is_told_with_its_source(caller: Caller) -> None:
    add("2.50")
    last = rates(caller).rates[-1]
    assert (last.valid_from, last.percent, last.source) == (JANUARY, Decimal("2.50"), SOURCE)


def test_the_balance_of_a_day_after_the_programs_own_rates(caller: Caller) -> None:
    company = caller.activate()
    claim = ClaimAnswer.model_validate_json(caller.put_claim(submission(company)).content)
    path = f"/claims/{claim.handover_id}?day=2027-01-10"
    stopped = caller.get(path).json()["balance"]
    assert (stopped["day"], stopped["growth"]) == ("2026-12-31", None)
    add("2.50")
    known = caller.get(path).json()["balance"]
    # 66 days at 10 % and 10 at 10.5 % on 1 200 kr: 21.6986 + 3.4521 = 25.15 kr; a day adds 0.3452.
    assert (known["day"], known["interest"], known["growth"]) == ("2027-01-10", "25.15", "0.35")
    assert [line["percent"] for line in known["lines"] if line["what"] == "interest"] == ["10.00", "10.50"]


def test_the_description_has_the_address() -> None:
    assert "/api/v1/reference-rates" in api.get_openapi_schema(path_prefix="/api/v1/")["paths"]
