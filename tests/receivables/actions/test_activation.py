"""Switching reminder handling on, once, and again when the terms change."""

from __future__ import annotations

from dataclasses import replace
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
from punktlig.receivables.records.activation import TraderCharge
from punktlig.receivables.records.models import Activation
from punktlig.receivables.records.sending_facts import live_activation
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
    settle_activation(company.id, taken.id, answer(company), next_try_at=NOW)
    live = live_activation(company.id)
    assert live is not None
    assert (live.state, live.agency_name, live.leased_until) == ("active", "Ekviken Ombud AB", None)
    assert live.letterhead["bankgiro"] == LETTERHEAD.bankgiro


def test_no_answer_puts_it_off_and_keeps_why(company: Company, user: User) -> None:
    activate(company, user)
    (taken,) = take_activations(company.id, at=NOW)
    later = NOW + timedelta(seconds=5)
    settle_activation(company.id, taken.id, Unknown(Why.OTHER_STATUS, "503"), next_try_at=later)
    live = live_activation(company.id)
    assert live is not None
    assert (live.state, live.next_try_at, live.last_problem, live.attempts) == (
        "activating", later, "other_status 503", 1,
    )  # fmt: skip


def test_an_answer_to_one_that_has_ended_meanwhile_changes_nothing(company: Company, user: User) -> None:
    first = activate(company, user)
    (taken,) = take_activations(company.id, at=NOW)
    second = activate(company, user, replace(ANSWERS, debt_text="arbete"))
    settle_activation(company.id, taken.id, answer(company), next_try_at=NOW)
    first.refresh_from_db()
    assert first.state == "ended"
    assert live_activation(company.id) == second
    second.refresh_from_db()
    assert second.state == "activating"
