"""The next half-year's reference rate: entered by one, approved by another, never changed; then claims go on."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction

from punktlig.agency.actions.added_rates import (
    RateIsAnswered,
    RateWaits,
    approve_rate,
    enter_rate,
    withdraw_rate,
)
from punktlig.agency.actions.reminders import issue_reminders
from punktlig.agency.jobs.compare_rates import compare_rates
from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.records import reference_rates
from punktlig.agency.records.models import AddedRate, Claim, ClaimEvent, Letter
from punktlig.agency.records.reference_rates import all_known_rates, disagreeing_rates, known_rates
from punktlig.core.added_rates import (
    Disagreement,
    RateHasNoSource,
    RateIsKnown,
    RateIsNotDecided,
    RateLeavesGap,
    RateNeedsSecondPerson,
    disagreements,
)
from punktlig.core.late_rate import KNOWN_RATES, RateUnknown
from punktlig.core.letter.content import LetterContent
from punktlig.core.letter.stored_form import read_stored
from punktlig.tenancy.context import acting_for
from tests.agency.rates import JANUARY, NEW_YEARS_EVE, SOURCE, add, administrator, enter, rate
from tests.agency.rounds import accept, deliver, fresh, kinds, ledger, morning, pay
from tests.agency.samples import make_creditor

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from punktlig.agency.records.models import Creditor
    from punktlig.tenancy.models import User

pytestmark = pytest.mark.django_db

SECOND, FOURTH, FIFTH = date(2027, 1, 2), date(2027, 1, 4), date(2027, 1, 5)


@pytest.fixture
def ada() -> User:
    return administrator("Ada Lind")


@pytest.fixture
def bo() -> User:
    return administrator("Bo Sund")


@pytest.fixture
def creditor() -> Creditor:
    return make_creditor()


def nudges() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'daily_round'")
        ((count,),) = cursor.fetchall()
    return int(count)


def test_nothing_is_reckoned_with_a_rate_until_another_person_has_approved_it(ada: User, bo: User) -> None:
    entered = enter(ada)
    assert all_known_rates() is KNOWN_RATES
    assert nudges() == 0
    approve_rate(entered.id, by=bo, today=NEW_YEARS_EVE, at=morning(NEW_YEARS_EVE, 10))
    assert all_known_rates().percent(JANUARY) == Decimal("2.50")
    assert all_known_rates().known_through == date(2027, 6, 30)
    assert nudges() == 1
    kept = AddedRate.objects.get()
    assert (kept.entered_by, kept.approved_by, kept.source) == (ada, bo, SOURCE)
    assert (kept.entered_at, kept.approved_at) == (morning(NEW_YEARS_EVE), morning(NEW_YEARS_EVE, 10))


def test_who_entered_a_rate_cannot_approve_it(ada: User) -> None:
    entered = enter(ada)
    with pytest.raises(RateNeedsSecondPerson) as same:
        approve_rate(entered.id, by=ada, today=NEW_YEARS_EVE, at=morning(NEW_YEARS_EVE))
    assert same.value.name == "Ada Lind"
    assert AddedRate.objects.get().waits
    assert nudges() == 0


def test_a_rate_is_answered_once(ada: User, bo: User) -> None:
    approved = approve_rate(enter(ada).id, by=bo, today=NEW_YEARS_EVE, at=morning(NEW_YEARS_EVE))
    with pytest.raises(RateIsAnswered):
        approve_rate(approved.id, by=bo, today=NEW_YEARS_EVE, at=morning(NEW_YEARS_EVE))
    with pytest.raises(RateIsAnswered):
        withdraw_rate(approved.id, by=bo, at=morning(NEW_YEARS_EVE))


def test_a_rate_that_was_taken_back_counts_nothing_and_makes_room(ada: User, bo: User) -> None:
    wrong = withdraw_rate(enter(ada, "3.00").id, by=ada, at=morning(NEW_YEARS_EVE))
    with pytest.raises(RateIsAnswered):
        approve_rate(wrong.id, by=bo, today=NEW_YEARS_EVE, at=morning(NEW_YEARS_EVE))
    right = enter(ada, "2.50")
    approve_rate(right.id, by=bo, today=NEW_YEARS_EVE, at=morning(NEW_YEARS_EVE))
    assert all_known_rates().percent(JANUARY) == Decimal("2.50")
    assert AddedRate.objects.count() == 2


def test_one_rate_of_a_half_year_waits_at_a_time(ada: User, bo: User) -> None:
    enter(ada, "2.50")
    with pytest.raises(RateWaits) as waits:
        enter(bo, "3.00")
    assert waits.value.facts() == {"valid_from": JANUARY, "percent": Decimal("2.50")}
    assert AddedRate.objects.count() == 1


def test_the_rules_are_asked_before_anything_is_stored(ada: User, bo: User) -> None:
    july = date(2027, 7, 1)
    for wrong, today, kind in (
        (rate(valid_from=date(2026, 7, 1)), NEW_YEARS_EVE, RateIsKnown),
        (rate(valid_from=july), NEW_YEARS_EVE, RateLeavesGap),
        (rate(), date(2026, 11, 25), RateIsNotDecided),
        (rate(source=" "), NEW_YEARS_EVE, RateHasNoSource),
    ):
        with pytest.raises(kind):
            enter_rate(wrong, by=ada, today=today, at=morning(today))
    assert not AddedRate.objects.exists()
    add()
    # The half-year after it may be added in its turn, and the approved one may not come again.
    with pytest.raises(RateIsKnown):
        enter(ada, "3.00")
    approve_rate(enter(ada, valid_from=july, today=july).id, by=bo, today=july, at=morning(july))
    assert all_known_rates().known_through == date(2027, 12, 31)


# ---- what the database holds by itself ------------------------------------------------------------------------------


def _refused_by_the_database(statement: str, *arguments: UUID) -> str:
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, arguments)
    return str(refused.value)


def test_the_application_can_neither_change_nor_remove_a_rate(ada: User) -> None:
    entered = enter(ada)
    for column, value in (("percent", "9"), ("source", "'x'"), ("valid_from", "'2027-07-01'"), ("entered_at", "now()")):
        message = _refused_by_the_database(f"UPDATE agency_added_rate SET {column} = {value}")  # noqa: S608 - our own
        assert "permission denied" in message, column
    assert "permission denied" in _refused_by_the_database("DELETE FROM agency_added_rate")
    entered.refresh_from_db()
    assert (entered.percent, entered.source) == (Decimal("2.50"), SOURCE)


def test_an_approved_rate_stays_as_it_is(bo: User) -> None:
    add()
    message = _refused_by_the_database("UPDATE agency_added_rate SET approved_at = NULL, approved_by_id = NULL")
    assert "never changes" in message
    message = _refused_by_the_database(
        "UPDATE agency_added_rate SET withdrawn_at = now(), withdrawn_by_id = %s, approved_at = NULL, "
        "approved_by_id = NULL",
        bo.id,
    )
    assert "never changes" in message


def test_no_rate_comes_approved_and_nobody_approves_their_own(ada: User) -> None:
    with pytest.raises(DatabaseError, match="before it is answered"), transaction.atomic():
        AddedRate.objects.create(
            valid_from=JANUARY, percent="2.50", source=SOURCE, entered_by=ada, entered_at=morning(NEW_YEARS_EVE),
            approved_by=ada, approved_at=morning(NEW_YEARS_EVE),
        )  # fmt: skip
    entered = enter(ada)
    with pytest.raises(IntegrityError, match="rate_seen_by_two"), transaction.atomic():
        AddedRate.objects.filter(id=entered.id).update(approved_by=ada, approved_at=morning(NEW_YEARS_EVE))
    with pytest.raises(IntegrityError, match="rate_approved_by_somebody"), transaction.atomic():
        AddedRate.objects.filter(id=entered.id).update(approved_at=morning(NEW_YEARS_EVE))


def test_the_application_may_fill_in_the_answer_and_nothing_else() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.role_column_grants "
            "WHERE table_name = 'agency_added_rate' AND grantee = %s AND privilege_type = 'UPDATE'",
            [settings.PUNKTLIG_APP_ROLE],
        )
        assert {name for (name,) in cursor.fetchall()} == {
            "approved_by_id", "approved_at", "withdrawn_by_id", "withdrawn_at",
        }  # fmt: skip


# ---- known rates ----------------------------------------------------------------------------------------------------


def test_while_the_programs_own_rates_reach_nothing_is_asked_of_the_database(
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    add()
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert known_rates(date(2026, 12, 30)) is KNOWN_RATES
    # On the last day a letter tells what the next one adds.
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert known_rates(NEW_YEARS_EVE).known_through == date(2027, 6, 30)
    # The same rates are the same table: its cumulated days are made once for each process.
    assert known_rates(NEW_YEARS_EVE) is known_rates(date(2027, 3, 1))


def test_a_rate_approved_elsewhere_is_known_at_once_and_one_undone_never_was() -> None:
    with pytest.raises(RateUnknown):
        known_rates(FOURTH).percent(FOURTH)
    with transaction.atomic():
        add("2.50")
        assert known_rates(FOURTH).percent(FOURTH) == Decimal("2.50")
        transaction.set_rollback(True)
    with pytest.raises(RateUnknown):
        known_rates(FOURTH).percent(FOURTH)
    add("3.00")
    assert known_rates(FOURTH).percent(FOURTH) == Decimal("3.00")


def test_a_release_that_says_something_else_counts_and_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    add("2.50")
    assert disagreeing_rates() == ()
    released = KNOWN_RATES.adding(rate("3.00"))
    compare_rates()
    assert caplog.text == ""
    monkeypatch.setattr(reference_rates, "disagreements", lambda added: disagreements(added, released))
    compare_rates()
    assert "from 2027-01-01 was approved as 2.50 % and is 3.00 % in this release" in caplog.text
    assert disagreeing_rates() == (Disagreement(JANUARY, Decimal("2.50"), Decimal("3.00")),)


# ---- across the new year --------------------------------------------------------------------------------------------


def test_claims_wait_over_the_new_year_and_go_on_by_themselves_once_the_rate_is_approved(
    creditor: Creditor, ada: User, bo: User
) -> None:
    claim = accept(creditor, SECOND)
    with acting_for(creditor.id):
        told = ClaimEvent.objects.get(kind="claim_received").summary
    assert (told["balance"], told["balance_day"]) == (None, "2026-12-31")
    run_daily_round(today=FOURTH, at=morning(FOURTH))
    assert fresh(claim).needs_person == "rate_unknown"
    run_daily_round(today=FOURTH, at=morning(FOURTH, 10))
    entered = enter(ada, today=FOURTH)
    run_daily_round(today=FOURTH, at=morning(FOURTH, 11))
    assert kinds(claim) == ["claim_received", "person_needed"]
    approve_rate(entered.id, by=bo, today=FOURTH, at=morning(FOURTH, 12))
    run_daily_round(today=FOURTH, at=morning(FOURTH, 13))
    assert kinds(claim) == ["claim_received", "person_needed", "person_answered", "reminder_issued"]
    assert fresh(claim).needs_person == ""
    with acting_for(creditor.id):
        letter = Letter.objects.get()
    # 1 200 kr due on 26 October. 27 October to 31 December is 66 days at 2 + 8 %, 1 to 4 January 4 days at 2.5 + 8 %,
    # both years of 365 days: 1200 × (0.10 × 66 + 0.105 × 4) / 365 = 21.6986 + 1.3808 = 23.08 kr. The fee is 60 kr.
    assert (letter.interest_ore, letter.charge_ore, letter.total_ore) == (23_08, 60_00, 1283_08)
    content = read_stored(LetterContent, letter.content)
    assert "10,50" in content.to_json()
    run_daily_round(today=FOURTH, at=morning(FOURTH, 14))
    assert len(kinds(claim)) == 4
    with acting_for(creditor.id):
        assert Letter.objects.count() == 1
    assert ledger(creditor.id)["fees_owed"] == 60_00


def test_a_claim_accepted_when_the_rate_is_known_never_waits(creditor: Creditor) -> None:
    add()
    claim = accept(creditor, SECOND)
    with acting_for(creditor.id):
        summary = ClaimEvent.objects.get(kind="claim_received").summary
        # 66 days at 10 % and 2 at 10.5 %: 21.6986 + 0.6904 = 22.39 kr.
        assert (summary["balance"], summary["balance_day"]) == ("1222.39", "2027-01-02")
        assert issue_reminders(creditor.id, today=FOURTH, at=morning(FOURTH)).issued == 1
    assert kinds(claim) == ["claim_received", "reminder_issued"]


def test_a_payment_after_the_new_year_is_allocated_once_the_rate_is_known(creditor: Creditor, tmp_path: Path) -> None:
    thirtieth = date(2026, 12, 30)
    claim = accept(creditor, date(2026, 12, 29))
    run_daily_round(today=thirtieth, at=morning(thirtieth))
    deliver(tmp_path, morning(thirtieth, 12))
    # 65 days at 10 %: 21.37 kr, so the letter asks for 1 281.37; 100 kr go to the fee, then to interest.
    pay(creditor, claim, "100.00", day=FIFTH)
    assert fresh(claim).needs_person == "rate_unknown"
    with acting_for(creditor.id):
        facts = ClaimEvent.objects.get(kind="payment_confirmed").facts
    # By that whoever hears it knows that it is not put anywhere yet.
    assert facts["amount"] == "100.00"
    assert facts.keys() & {"principal", "interest", "fees", "surplus"} == set()
    add(today=FIFTH)
    run_daily_round(today=FIFTH, at=morning(FIFTH, 11))
    assert fresh(claim).needs_person == ""
    # Through 5 January: 66 days at 10 %, 5 at 10.5 %: 21.6986 + 1.7260 = 23.42 kr. The payment covers 60.00 and 23.42,
    # and 16.58 of the principal.
    assert ledger(creditor.id) == {
        "principal_owed": 1200_00 - 16_58,
        "due_to_creditor": -1200_00 - 23_42,
        "paid_to_creditor": 100_00,
        "fee_income": -60_00,
    }


def test_what_was_stored_of_a_letter_is_not_changed_by_a_rate(creditor: Creditor) -> None:
    thirtieth = date(2026, 12, 30)
    accept(creditor, date(2026, 12, 29))
    run_daily_round(today=thirtieth, at=morning(thirtieth))
    with acting_for(creditor.id):
        before = Letter.objects.get().content
    add("4.50")
    run_daily_round(today=thirtieth + timedelta(days=1), at=morning(NEW_YEARS_EVE, 14))
    with acting_for(creditor.id):
        assert Letter.objects.get().content == before
        assert Claim.objects.get().needs_person == ""
