"""A company becomes a creditor once, and its latest accepted agreement counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from punktlig.agency.actions import activation as actions
from punktlig.agency.actions.activation import activate_creditor
from punktlig.agency.actions.agreement import send_letters_by_email
from punktlig.agency.records.models import Creditor
from punktlig.exchange.messages import Activation, body_of
from tests.agency.samples import NOW, activation, make_platform

pytestmark = pytest.mark.django_db


def test_the_same_activation_again_changes_nothing() -> None:
    platform, message = make_platform(), activation()
    first, created = activate_creditor(platform, message, body_of(message).sha256, at=NOW)
    second, again = activate_creditor(platform, message, body_of(message).sha256, at=NOW + timedelta(days=1))
    assert (created, again) == (True, False)
    assert first.id == second.id
    stored = Creditor.objects.get()
    assert (stored.name, stored.organisation_number) == ("Lillsjöns Snickeri AB", "559012-3450")
    assert (stored.account_kind, stored.account_number) == ("bankgiro", "5050-1055")
    assert stored.activated_at == NOW
    assert Activation.model_validate_json(body_of(message).body) == message


def test_a_later_activation_changes_the_agreement_and_an_older_one_sent_again_does_not() -> None:
    platform, first = make_platform(), activation()
    later = activation(first.company_id, contact_name="Per Ek", accepted_at=NOW + timedelta(hours=1))
    for message in (first, later, first):
        activate_creditor(platform, message, body_of(message).sha256, at=NOW)
    assert Creditor.objects.get().contact_name == "Per Ek"


def test_facts_told_later_count_and_an_older_telling_of_them_does_not_come_back() -> None:
    platform, first = make_platform(), activation()
    moved, again = (
        activation(first.company_id, contact_name=name, told_at=NOW + timedelta(hours=hour))
        for name, hour in (("Per Ek", 1), ("Siv Ek", 2))
    )
    for message in (first, moved, again, moved, first):
        activate_creditor(platform, message, body_of(message).sha256, at=NOW)
    assert Creditor.objects.get().contact_name == "Siv Ek"
    newly = activation(first.company_id, contact_name="Eva Ek", accepted_at=NOW + timedelta(hours=3))
    activate_creditor(platform, newly, body_of(newly).sha256, at=NOW)
    assert Creditor.objects.get().contact_name == "Eva Ek"


def test_what_was_agreed_in_the_same_moment_is_not_undone_by_an_activation(monkeypatch: pytest.MonkeyPatch) -> None:
    platform, first = make_platform(), activation()
    activate_creditor(platform, first, body_of(first).sha256, at=NOW)
    is_newer = actions._is_newer

    def meanwhile(message: Activation, creditor: Creditor) -> bool:
        send_letters_by_email(creditor.id, by_email=True)
        return is_newer(message, creditor)

    monkeypatch.setattr(actions, "_is_newer", meanwhile)
    later = activation(first.company_id, contact_name="Per Ek", accepted_at=NOW + timedelta(hours=1))
    activate_creditor(platform, later, body_of(later).sha256, at=NOW)
    stored = Creditor.objects.get()
    assert (stored.contact_name, stored.sends_by_email) == ("Per Ek", True)


def test_two_platforms_may_have_companies_with_the_same_id() -> None:
    message = activation()
    for platform in (make_platform("A"), make_platform("B")):
        _, created = activate_creditor(platform, message, body_of(message).sha256, at=NOW)
        assert created
    assert Creditor.objects.filter(company_id=message.company_id).count() == 2
