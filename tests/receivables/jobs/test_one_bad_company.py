"""A fault with one company holds up none of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from punktlig.core.money import Money
from punktlig.exchange.messages import ClaimStatus
from punktlig.receivables.actions import events
from punktlig.receivables.actions.handovers import hand_over_invoices
from punktlig.receivables.actions.imports import GivenFile, start_import
from punktlig.receivables.actions.payments import record_payment
from punktlig.receivables.actions.sending_runs import start_sending_run
from punktlig.receivables.jobs import (
    apply_events_set_aside,
    continue_sending_runs,
    read_feed,
    read_imports,
    send_activations,
    send_commands,
    send_handovers,
)
from punktlig.receivables.records.models import (
    Activation,
    Command,
    Company,
    Handover,
    HistoryLine,
    ImportRun,
    Invoice,
    SendingRun,
)
from punktlig.tenancy.context import acting_for, acting_for_everyone
from tests.receivables.fake_agency import FakeAgency, event, summary
from tests.receivables.invoice_files import invoice_file
from tests.receivables.sending_samples import (
    NOW,
    TODAY,
    make_activation,
    make_company,
    make_invoice,
    make_user,
    shown_for,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from uuid import UUID

    from punktlig.tenancy.models import User
    from tests.receivables.jobs.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def companies(clock: Clock, agency: FakeAgency) -> list[tuple[Company, User, Invoice]]:
    """Three companies, the one whose turn comes first at the front, each with an invoice that may be sent."""
    assert clock.at == NOW
    assert agency.url
    found = []
    for company in sorted((make_company() for _ in range(3)), key=lambda one: one.id):
        user = make_user(company)
        with acting_for(company.id):
            make_activation(company, user)
            found.append((company, user, make_invoice(company)))
    return found


def break_for_the_first(
    monkeypatch: pytest.MonkeyPatch, job: ModuleType, verb: str, companies: list[tuple[Company, User, Invoice]]
) -> None:
    real: Callable[..., Any] = getattr(job, verb)

    def broken(company_id: UUID, *args: Any, **told: Any) -> Any:
        if company_id == companies[0][0].id:
            raise ZeroDivisionError
        return real(company_id, *args, **told)

    monkeypatch.setattr(job, verb, broken)


def hand_over(company: Company, user: User, invoice: Invoice) -> None:
    with acting_for(company.id):
        shown = shown_for(company.id, [invoice.id])
        hand_over_invoices(company.id, [invoice.id], shown=shown, user=user, today=TODAY, at=NOW)


@pytest.mark.parametrize("verb", ["take_handovers", "settle_handovers"])
def test_the_handovers_of_the_others_are_sent(
    companies: list[tuple[Company, User, Invoice]], monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    for one in companies:
        hand_over(*one)
    break_for_the_first(monkeypatch, send_handovers, verb, companies)
    send_handovers.send_handovers()
    with acting_for_everyone():
        states = dict(Handover.objects.values_list("company_id", "state"))
    assert [states[company.id] for company, *_ in companies] == ["queued", "acknowledged", "acknowledged"]


def test_the_payments_of_the_others_are_told(
    companies: list[tuple[Company, User, Invoice]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for company, user, invoice in companies:
        hand_over(company, user, invoice)
        with acting_for(company.id):
            record_payment(company.id, invoice.id, TODAY, Money(invoice.remaining_ore), user=user, today=TODAY, at=NOW)
    break_for_the_first(monkeypatch, send_commands, "take_commands", companies)
    send_commands.send_commands()
    with acting_for_everyone():
        told = dict(Command.objects.values_list("company_id", "delivered_at"))
    assert [told[company.id] is not None for company, *_ in companies] == [False, True, True]


def test_the_runs_of_the_others_go_on(
    companies: list[tuple[Company, User, Invoice]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for company, user, invoice in companies:
        with acting_for(company.id):
            shown = shown_for(company.id, [invoice.id])
            start_sending_run(company.id, [invoice.id], shown=shown, user=user, today=TODAY, at=NOW)
    break_for_the_first(monkeypatch, continue_sending_runs, "continue_sending_run", companies)
    continue_sending_runs.continue_sending_runs()
    with acting_for_everyone():
        states = dict(SendingRun.objects.values_list("company_id", "state"))
    assert [states[company.id] for company, *_ in companies] == ["sending", "done", "done"]


def test_the_files_of_the_others_are_read(
    companies: list[tuple[Company, User, Invoice]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for company, user, _ in companies:
        with acting_for(company.id):
            start_import(company.id, [GivenFile("a.xml", invoice_file("F-77"))], user=user, at=NOW)
    break_for_the_first(monkeypatch, read_imports, "read_next_files", companies)
    read_imports.read_imports()
    with acting_for_everyone():
        ended = dict(ImportRun.objects.values_list("company_id", "finished_at"))
    assert [ended[company.id] is not None for company, *_ in companies] == [False, True, True]


def test_the_activations_of_the_others_are_told(
    companies: list[tuple[Company, User, Invoice]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for company, *_ in companies:
        with acting_for(company.id):
            Activation.objects.update(state="activating")
    break_for_the_first(monkeypatch, send_activations, "settle_activation", companies)
    send_activations.send_activations()
    with acting_for_everyone():
        states = dict(Activation.objects.values_list("company_id", "state"))
    assert [states[company.id] for company, *_ in companies] == ["activating", "active", "active"]


def test_the_events_of_the_others_are_applied_and_none_is_skipped(
    companies: list[tuple[Company, User, Invoice]], monkeypatch: pytest.MonkeyPatch, agency: FakeAgency
) -> None:
    for one in companies:
        hand_over(*one)
    send_handovers.send_handovers()
    with acting_for_everyone():
        handovers = list(Handover.objects.values_list("company_id", "id"))
    agency.events = [
        event(agency.claims[handover_id], company_id, "claim_received", summary(1, ClaimStatus.RECEIVED))
        for company_id, handover_id in handovers
    ]

    def told() -> list[bool]:
        with acting_for_everyone():
            found = set(HistoryLine.objects.exclude(sequence=None).values_list("company_id", flat=True))
        return [company.id in found for company, *_ in companies]

    with monkeypatch.context() as patched:
        break_for_the_first(patched, events, "apply_events", companies)
        read_feed.read_feed()
        apply_events_set_aside.apply_events_set_aside()
    assert told() == [False, True, True]
    apply_events_set_aside.apply_events_set_aside()
    assert told() == [True, True, True]
