"""Switching reminder handling on, once, and again when the terms change."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from punktlig.exchange import messages
from punktlig.exchange.outcomes import Acknowledged, Unknown, Why
from punktlig.receivables.actions.activation import (
    Answers,
    activate_reminders,
    answers_of,
    settle_activation,
    take_activations,
)
from punktlig.receivables.actions.company import CompanyFacts, change_company
from punktlig.receivables.records.activation import TraderCharge
from punktlig.receivables.records.models import Activation
from punktlig.receivables.records.sending_facts import activation_obstacles, live_activation
from punktlig.receivables.records.sending_refusals import TermsHaveChanged
from punktlig.tenancy.context import acting_for
from tests.receivables.fake_agency import LETTERHEAD
from tests.receivables.sending_samples import NOW, TODAY, make_company, make_terms, make_user

if TYPE_CHECKING:
    from collections.abc import Iterator

    from punktlig.receivables.records.models import Company
    from punktlig.tenancy.models import User

pytestmark = pytest.mark.django_db

ANSWERS = Answers(
    contact_name="Maja Lind",
    contact_email="maja@lillsjon.example",
    account_kind="bankgiro",
    account_number="5050-1055",
    debt_text="snickeriarbete",
    reminder_fee_agreed_since=date(2024, 1, 1),
    trader_charge=TraderCharge.COMPENSATION,
)


@pytest.fixture
def company() -> Iterator[Company]:
    company = make_company()
    make_terms()
    with acting_for(company.id):
        yield company


@pytest.fixture
def user(company: Company) -> User:
    return make_user(company)


def activate(company: Company, user: User, answers: Answers = ANSWERS, version: str = "2026-11") -> Activation:
    return activate_reminders(company.id, answers, terms_version=version, user=user, today=TODAY, at=NOW)


def answer(company: Company) -> Acknowledged[messages.Activated]:
    return Acknowledged(
        messages.Activated(
            company_id=company.id, creditor_id=uuid4(), agency_name="Ekviken Ombud AB",
            portal_url="http://localhost:8001/", letterhead=LETTERHEAD,
        )
    )  # fmt: skip


def test_the_answers_and_the_acceptance_are_kept_with_the_bytes_for_the_agency(company: Company, user: User) -> None:
    activation = activate(company, user)
    told = messages.Activation.model_validate_json(bytes(activation.body))
    assert (told.company_id, told.name, told.organisation_number) == (
        company.id, "Lillsjöns Snickeri AB", "559012-3450",
    )  # fmt: skip
    assert (told.account.kind, told.account.number) == ("bankgiro", "5050-1055")
    assert (told.terms_version, told.accepted_by, told.accepted_at) == ("2026-11", "Maja Lind", NOW)
    assert activation.sha256 == messages.sha256_of(bytes(activation.body))
    assert (activation.state, activation.accepted_by, activation.terms_id) == ("activating", user, "2026-11")
    assert answers_of(activation) == ANSWERS


def test_a_double_click_returns_the_one_there_is(company: Company, user: User) -> None:
    assert activate(company, user) == activate(company, user)
    assert Activation.objects.count() == 1


def test_other_answers_make_a_new_one_and_end_the_older(company: Company, user: User) -> None:
    first = activate(company, user)
    second = activate(company, user, replace(ANSWERS, contact_telephone="08-465 004 10"))
    first.refresh_from_db()
    assert (first.state, first.ended_at) == ("ended", NOW)
    assert live_activation(company.id) == second


def test_terms_that_are_no_longer_the_newest_cannot_be_accepted(company: Company, user: User) -> None:
    make_terms("2026-12", TODAY)
    with pytest.raises(TermsHaveChanged) as refused:
        activate(company, user)
    assert refused.value.newest_version == "2026-12"
    assert live_activation(company.id) is None
    assert activate(company, user, version="2026-12").terms_id == "2026-12"


def test_the_agencys_answer_makes_it_active_and_keeps_who_the_agency_is(company: Company, user: User) -> None:
    activate(company, user)
    (taken,) = take_activations(company.id, at=NOW)
    assert take_activations(company.id, at=NOW) == []
    settle_activation(company.id, taken.id, answer(company), sent=taken.sha256, at=NOW, next_try_at=NOW)
    live = live_activation(company.id)
    assert live is not None
    assert (live.state, live.agency_name, live.leased_until) == ("active", "Ekviken Ombud AB", None)
    assert live.letterhead["bankgiro"] == LETTERHEAD.bankgiro


def test_no_answer_puts_it_off_and_keeps_why(company: Company, user: User) -> None:
    activate(company, user)
    (taken,) = take_activations(company.id, at=NOW)
    later = NOW + timedelta(seconds=5)
    settle_activation(
        company.id, taken.id, Unknown(Why.OTHER_STATUS, "503"), sent=taken.sha256, at=NOW, next_try_at=later
    )
    live = live_activation(company.id)
    assert live is not None
    assert (live.state, live.next_try_at, live.last_problem, live.attempts) == (
        "activating", later, "other_status 503", 1,
    )  # fmt: skip


def test_an_answer_to_one_that_has_ended_meanwhile_changes_nothing(company: Company, user: User) -> None:
    first = activate(company, user)
    (taken,) = take_activations(company.id, at=NOW)
    second = activate(company, user, replace(ANSWERS, debt_text="arbete"))
    settle_activation(company.id, taken.id, answer(company), sent=taken.sha256, at=NOW, next_try_at=NOW)
    first.refresh_from_db()
    assert first.state == "ended"
    assert live_activation(company.id) == second
    second.refresh_from_db()
    assert second.state == "activating"


# ---- The company's facts change -----------------------------------------------------------------------------------

SOON = NOW + timedelta(minutes=1)


def activated(company: Company, user: User) -> Activation:
    """Return the activation, confirmed by the agency, of a company whose account is in its settings too."""
    company.bankgiro, company.email = "50501055", ANSWERS.contact_email
    company.save()
    activate(company, user)
    (taken,) = take_activations(company.id, at=NOW)
    settle_activation(company.id, taken.id, answer(company), sent=taken.sha256, at=NOW, next_try_at=NOW)
    return live(company)


def live(company: Company) -> Activation:
    found = live_activation(company.id)
    assert found is not None
    return found


def change(company: Company, **changes: str) -> None:
    facts = {field.name: getattr(company, field.name) for field in fields(CompanyFacts)} | changes
    change_company(company.id, CompanyFacts(**facts), at=SOON)
    company.refresh_from_db()


def told(activation: Activation) -> messages.Activation:
    return messages.Activation.model_validate_json(bytes(activation.body))


def test_changed_facts_are_told_by_themselves_and_nothing_stops_meanwhile(company: Company, user: User) -> None:
    activated(company, user)
    change(company, name="Lillsjöns Snickeri & Bygg AB", street="Nygatan 1", bankgiro="58021718", email="ny@b.example")
    waiting = live(company)
    assert (waiting.state, waiting.facts_changed_at, waiting.sha256) == (
        "active", SOON, messages.sha256_of(bytes(waiting.body)),
    )  # fmt: skip
    message = told(waiting)
    assert (message.name, message.address.lines) == ("Lillsjöns Snickeri & Bygg AB", ("Nygatan 1",))
    assert (message.account.number, message.contact_email) == ("58021718", "ny@b.example")
    assert (message.accepted_at, message.told_at) == (NOW, SOON)
    assert activation_obstacles(waiting, today=TODAY) == ()
    (taken,) = take_activations(company.id, at=SOON)
    settle_activation(company.id, taken.id, answer(company), sent=taken.sha256, at=SOON, next_try_at=SOON)
    now = live(company)
    assert (now.state, now.facts_changed_at, now.facts_told_at, now.leased_until) == ("active", None, SOON, None)
    assert take_activations(company.id, at=SOON + timedelta(hours=1)) == []


def test_what_the_agency_is_not_told_of_sends_nothing(company: Company, user: User) -> None:
    before = activated(company, user)
    change(company, vat_number="SE559012345001", plusgiro="41684", telephone="08-465 004 11")
    change(company)
    assert (live(company).sha256, live(company).facts_changed_at) == (before.sha256, None)


def test_an_account_or_contact_of_its_own_stays(company: Company, user: User) -> None:
    activated(company, user)
    company.bankgiro, company.email = "58021718", "annan@lillsjon.example"
    company.save()
    change(company, bankgiro="99129912", email="tredje@lillsjon.example")
    assert (live(company).account_number, live(company).contact_email) == ("5050-1055", ANSWERS.contact_email)
    # Nor is money ever paid to no account.
    change(company, bankgiro="50501055")
    change(company, bankgiro="")
    assert live(company).account_number == "5050-1055"


def test_facts_that_change_while_others_are_on_their_way_are_told_too(company: Company, user: User) -> None:
    activated(company, user)
    change(company, street="Nygatan 1")
    (taken,) = take_activations(company.id, at=SOON)
    change(company, street="Nygatan 2")
    assert take_activations(company.id, at=SOON) == []
    settle_activation(company.id, taken.id, answer(company), sent=taken.sha256, at=SOON, next_try_at=SOON)
    assert (live(company).facts_changed_at, live(company).facts_told_at) == (SOON, None)
    (again,) = take_activations(company.id, at=SOON)
    assert told(again).address.lines == ("Nygatan 2",)
    settle_activation(
        company.id, again.id, Unknown(Why.OTHER_STATUS, "503"), sent=again.sha256, at=SOON, next_try_at=SOON
    )
    (third,) = take_activations(company.id, at=SOON)
    settle_activation(company.id, third.id, answer(company), sent=third.sha256, at=SOON, next_try_at=SOON)
    assert (live(company).facts_changed_at, live(company).facts_told_at) == (None, SOON)


def test_facts_that_change_before_the_first_answer_follow_the_activation(company: Company, user: User) -> None:
    activate(company, user)
    (taken,) = take_activations(company.id, at=NOW)
    change(company, street="Nygatan 1")
    settle_activation(company.id, taken.id, answer(company), sent=taken.sha256, at=SOON, next_try_at=SOON)
    assert (live(company).state, live(company).facts_changed_at) == ("active", SOON)
    (again,) = take_activations(company.id, at=SOON)
    assert told(again).address.lines == ("Nygatan 1",)


def test_a_company_that_has_not_activated_tells_nobody(company: Company) -> None:
    change(company, street="Nygatan 1")
    assert Activation.objects.count() == 0
