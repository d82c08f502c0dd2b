"""A letter is corrected whoever the debtor is, in whatever language, and whatever else happens that day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from punktlig.agency.actions.closing import close_as_paid, refuse_letter, withdraw
from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.records.models import ClaimStep
from punktlig.core.letter.content import LetterContent
from punktlig.core.money import Money
from punktlig.exchange.messages import Address
from punktlig.tenancy.context import acting_for
from tests.agency import rates
from tests.agency.corrections import (
    letters_of,
    owed,
    payments_of,
    play_round,
    same_as_never_paid,
    take_back,
    text_of,
    totals,
)
from tests.agency.rounds import (
    FRIDAY,
    MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    accept,
    deliver,
    fresh,
    kinds,
    morning,
    pay,
)
from tests.agency.samples import make_creditor

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from punktlig.agency.records.models import Claim, Creditor

pytestmark = pytest.mark.django_db

ABROAD = {
    "debtor": {
        "address": Address(lines=("Mannerheimvägen 4",), postcode="00100", town="Helsingfors", country="FI"),
        "language": "en",
    }
}
ROT = {"deduction": "rot", "customer_share": Money.parse("840.00"), "total": Money.parse("1200.00")}


@pytest.fixture
def creditor() -> Creditor:
    return make_creditor()


def reminded(creditor: Creditor, folder: Path, **facts: Any) -> Claim:
    """A claim whose letter of Thursday has left and counts 200 kr that were told by mistake."""
    claim = accept(creditor, **facts)
    pay(creditor, claim, "200.00", day=WEDNESDAY)
    play_round(THURSDAY, folder)
    assert fresh(claim).status == "reminder_sent"
    return claim


def content_of(claim: Claim) -> LetterContent:
    return LetterContent.from_json(letters_of(claim)[-1].content)


def correction_of(claim: Claim) -> str:
    """Return the paragraph of the newest letter that says which one it replaces."""
    return text_of(content_of(claim).lead[1][0].text)


@pytest.mark.parametrize("facts", [{}, ABROAD, ROT, {"debtor": {"language": "en"}}], ids=["", "abroad", "rot", "en"])
def test_the_corrected_letter_is_that_of_a_claim_never_paid(
    creditor: Creditor, tmp_path: Path, facts: dict[str, Any]
) -> None:
    never = accept(creditor, **facts)
    claim = reminded(creditor, tmp_path, **facts)
    take_back(claim, THURSDAY)
    play_round(FRIDAY, tmp_path)
    first, second = letters_of(claim)
    assert (first.replaced_at is not None, second.left_at is not None) == (True, True)
    assert second.total == owed(claim, FRIDAY) == owed(never, FRIDAY)
    same_as_never_paid(claim, never, FRIDAY)
    told, other = content_of(claim), LetterContent.from_json(letters_of(never)[-1].content)
    assert (told.language, told.recipient, told.footer) == (other.language, other.recipient, other.footer)
    assert len(told.lead) == 1 + len(other.lead)


def test_a_consumer_abroad_reads_in_english_which_letter_is_replaced_and_of_no_fee(
    creditor: Creditor, tmp_path: Path
) -> None:
    claim = reminded(creditor, tmp_path, **ABROAD)
    take_back(claim, THURSDAY)
    play_round(FRIDAY, tmp_path)
    assert correction_of(claim).startswith("This letter replaces our letter of 26 November 2026.")
    assert "fee" not in correction_of(claim)
    second = letters_of(claim)[-1]
    assert (second.charge_ore, second.interest_ore, second.total) == (0, 0, Money.parse("1200.00"))


def test_of_a_rot_invoice_only_the_customers_share_is_asked_for_again(creditor: Creditor, tmp_path: Path) -> None:
    claim = reminded(creditor, tmp_path, **ROT)
    take_back(claim, THURSDAY)
    assert totals(claim)["principal_owed"] == 840_00
    play_round(FRIDAY, tmp_path)
    assert Money.parse("900.00") < letters_of(claim)[-1].total < Money.parse("915.00")
    assert "Avgiften är densamma" in correction_of(claim)


# ---- Limitation ----------------------------------------------------------------------------------------------------


def test_a_demand_that_has_left_keeps_the_claim_alive_for_its_correction(creditor: Creditor, tmp_path: Path) -> None:
    # It lapses on 9 December unless the debtor has had a demand (Limitation Act s. 5).
    claim = reminded(creditor, tmp_path, issue_date=date(2023, 12, 9), due_date=date(2024, 1, 8))
    assert letters_of(claim)[0].last_day_to_pay < date(2026, 12, 9)
    take_back(claim, date(2026, 12, 9))
    play_round(date(2026, 12, 10), tmp_path)
    assert (fresh(claim).status, letters_of(claim)[-1].edition) == ("reminder_sent", 2)


def test_a_demand_that_may_have_come_too_late_leaves_the_correction_to_a_person(
    creditor: Creditor, tmp_path: Path
) -> None:
    # The letter of Thursday is in the post while the claim lapses on Friday.
    claim = reminded(creditor, tmp_path, issue_date=date(2023, 11, 27), due_date=date(2023, 12, 27))
    take_back(claim, FRIDAY)
    play_round(MONDAY, tmp_path)
    assert (fresh(claim).status, fresh(claim).needs_person) == ("needs_person", "limitation_may_have_run")
    assert len(letters_of(claim)) == 1


def test_a_payment_that_was_taken_back_keeps_no_claim_alive(creditor: Creditor, tmp_path: Path) -> None:
    claim = accept(creditor, issue_date=date(2023, 11, 25), due_date=date(2023, 12, 25))
    pay(creditor, claim, "200.00", day=WEDNESDAY)
    play_round(THURSDAY, tmp_path)
    assert fresh(claim).status == "reminder_sent"
    take_back(claim, THURSDAY)
    play_round(FRIDAY, tmp_path)
    assert (fresh(claim).status, fresh(claim).needs_person) == ("needs_person", "limitation_may_have_run")


# ---- What comes on the same days -----------------------------------------------------------------------------------


@pytest.mark.parametrize("when", ["before the plan", "while it is planned", "while it waits", "after it has left"])
def test_a_credit_note_lowers_the_invoice_whenever_it_comes(creditor: Creditor, tmp_path: Path, when: str) -> None:
    claim = reminded(creditor, tmp_path)
    (wrong,) = payments_of(claim)

    def credit(day: date, hour: int) -> None:
        pay(creditor, claim, "300.00", day=day, at=morning(day, hour), kind="credit_note")

    if when == "before the plan":
        credit(THURSDAY, 12)
    take_back(claim, THURSDAY, payment=wrong)
    if when == "while it is planned":
        credit(THURSDAY, 16)
    run_daily_round(today=FRIDAY, at=morning(FRIDAY))
    if when == "while it waits":
        credit(FRIDAY, 10)
        run_daily_round(today=FRIDAY, at=morning(FRIDAY, 11))
    deliver(tmp_path, morning(FRIDAY, 12))
    if when == "after it has left":
        credit(FRIDAY, 14)
    assert fresh(claim).status == "reminder_sent"
    last = letters_of(claim)[-1]
    assert last.left_at is not None
    assert totals(claim)["principal_owed"] == 900_00
    assert totals(claim)["fees_owed"] == 60_00
    if when != "after it has left":
        assert last.total == owed(claim, FRIDAY)


@pytest.mark.parametrize("hour", [8, 10, 12])
@pytest.mark.parametrize(("end", "status"), [(close_as_paid, "paid"), (withdraw, "closed")])
def test_a_claim_ended_on_the_day_of_the_correction_gets_no_letter_after_it(
    creditor: Creditor, tmp_path: Path, hour: int, end: Callable[..., Claim], status: str
) -> None:
    claim = reminded(creditor, tmp_path)
    take_back(claim, THURSDAY)

    def at(now: int) -> None:
        if now == hour:
            with acting_for(creditor.id):
                end(creditor.id, claim.id, actor="Maja Lind", today=FRIDAY, at=morning(FRIDAY, now))

    at(8)
    run_daily_round(today=FRIDAY, at=morning(FRIDAY, 9))
    at(10)
    deliver(tmp_path, morning(FRIDAY, 11))
    at(12)
    play_round(MONDAY, tmp_path)
    assert (fresh(claim).status, owed(claim, MONDAY)) == (status, Money(0))
    assert [letter.left_at is not None for letter in letters_of(claim)] == {
        8: [True],
        10: [True, False],
        12: [True] * 2,
    }[hour]
    assert not {"principal_owed", "interest_owed", "fees_owed"} & totals(claim).keys()
    # The first letter stands, and so does its fee, also when it was let go with all the rest.
    assert "fee_reversed" not in kinds(claim)


# ---- What is missing, and what was away ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("taken_back", "status"), [(date(2026, 12, 30), "needs_person"), (date(2027, 1, 4), "received")]
)
def test_without_a_reference_rate_the_correction_waits_and_goes_by_itself_when_it_is_there(
    creditor: Creditor, tmp_path: Path, taken_back: date, status: str
) -> None:
    december = date(2026, 12, 22)
    claim = accept(creditor, december)
    never = accept(creditor, december)
    pay(creditor, claim, "200.00", day=december)
    play_round(december + timedelta(days=1), tmp_path)
    assert fresh(claim).status == "reminder_sent"
    take_back(claim, taken_back)
    for day in (date(2027, 1, 4), date(2027, 1, 5)):
        play_round(day, tmp_path)
    assert (fresh(claim).status, fresh(claim).needs_person) == (status, "rate_unknown")
    assert len(letters_of(claim)) == 1
    rates.add("2.50", today=date(2027, 1, 7), valid_from=rates.JANUARY)
    for day in (date(2027, 1, 7), date(2027, 1, 8), date(2027, 1, 11)):
        play_round(day, tmp_path)
    first, second = letters_of(claim)
    assert (fresh(claim).status, first.replaced_at is not None) == ("reminder_sent", True)
    assert second.total == owed(claim, second.day) == owed(never, second.day)


def test_a_letter_that_comes_back_while_its_correction_waits_for_a_rate_asks_for_an_address(
    creditor: Creditor, tmp_path: Path
) -> None:
    december = date(2026, 12, 22)
    claim = accept(creditor, december)
    pay(creditor, claim, "200.00", day=december)
    play_round(december + timedelta(days=1), tmp_path)
    take_back(claim, date(2026, 12, 30))
    play_round(date(2027, 1, 4), tmp_path)
    assert fresh(claim).needs_person == "rate_unknown"
    with acting_for(creditor.id):
        refuse_letter(
            creditor.id,
            claim.id,
            reason="okänd",
            actor="Ali Omar",
            today=date(2027, 1, 5),
            at=morning(date(2027, 1, 5)),
        )
    assert (fresh(claim).status, fresh(claim).needs_person) == ("needs_person", "letter_refused")


@pytest.mark.parametrize("back", [MONDAY, TUESDAY, date(2026, 12, 14)])
def test_a_round_after_an_outage_makes_the_same_letter_once(creditor: Creditor, tmp_path: Path, back: date) -> None:
    never = accept(creditor)
    claim = reminded(creditor, tmp_path)
    take_back(claim, THURSDAY)
    # Nothing runs on Friday, for which it was planned, nor until it is back.
    for _ in range(2):
        run_daily_round(today=back, at=morning(back))
        deliver(tmp_path, morning(back, 10))
    first, second = letters_of(claim)
    assert (second.day, second.left_at is not None, first.replaced_at is not None) == (back, True, True)
    assert second.total == owed(claim, back) == owed(never, back)
    assert totals(claim)["fees_owed"] == 60_00
    assert kinds(claim).count("reminder_issued") == 2
    with acting_for(creditor.id):
        assert ClaimStep.objects.filter(claim=claim).count() == 1
