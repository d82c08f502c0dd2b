"""Many invoices by one confirmation, a chunk at a time, and nothing when the preview is no longer true."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from punktlig.core import reminder
from punktlig.receivables.actions.handovers import hand_over_invoices
from punktlig.receivables.actions.sending_runs import continue_sending_run, start_sending_run
from punktlig.receivables.records.models import Activation, Handover, Invoice, SendingRun, SendingRunPart
from punktlig.receivables.records.sending_run import Progress, progress_of, reasons_of
from punktlig.receivables.records.sending_versions import read_shown, shown_hash, shown_of, versions_of
from punktlig.tenancy.context import acting_for
from tests.receivables.sending_samples import (
    NOW,
    TODAY,
    make_activation,
    make_company,
    make_invoice,
    make_user,
    pay,
    shown_for,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from punktlig.receivables.records.models import Company
    from punktlig.tenancy.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(company: Company) -> User:
    user = make_user(company)
    make_activation(company, user)
    return user


def start(company: Company, user: User, ids: Sequence[UUID], shown: str | None = None) -> SendingRun:
    seen = shown_for(company.id, ids) if shown is None else shown
    return start_sending_run(company.id, ids, shown=seen, user=user, today=TODAY, at=NOW, most=4)


def step(run: SendingRun) -> bool:
    more = continue_sending_run(run.company_id, run.id, today=TODAY, at=NOW)
    run.refresh_from_db()
    return more


def work_off(run: SendingRun) -> None:
    while step(run):
        pass


def test_all_that_may_go_are_handed_over_in_chunks(company: Company, user: User) -> None:
    ids = [make_invoice(company).id for _ in range(10)]
    late = make_invoice(company, due_date=TODAY)
    run = start(company, user, [*ids, late.id])
    assert progress_of(run) == Progress(total=11, ready=11, sent=0, refused=0)
    assert (run.state, Handover.objects.count()) == ("sending", 0)
    assert step(run)
    assert progress_of(run) == Progress(total=11, ready=7, sent=4, refused=0)
    work_off(run)
    assert (run.state, run.finished_at) == ("done", NOW)
    assert progress_of(run) == Progress(total=11, ready=0, sent=10, refused=1)
    assert reasons_of(run) == {"not_overdue_yet": 1}
    assert set(Handover.objects.values_list("invoice_id", flat=True)) == set(ids)
    assert Invoice.objects.filter(agency_state="sending").count() == 10


def test_a_chunk_that_ends_evenly_ends(company: Company, user: User) -> None:
    run = start(company, user, [make_invoice(company).id for _ in range(8)])
    work_off(run)
    assert (run.state, progress_of(run).sent) == ("done", 8)


def test_nothing_is_sent_when_facts_changed_after_the_preview(company: Company, user: User) -> None:
    invoices = [make_invoice(company) for _ in range(6)]
    ids = [invoice.id for invoice in invoices]
    seen = shown_for(company.id, ids)
    pay(invoices[5], 1_000)
    run = start(company, user, ids, seen)
    assert (run.state, run.finished_at) == ("outdated", NOW)
    work_off(run)
    assert run.state == "outdated"
    assert Handover.objects.count() == 0
    assert set(Invoice.objects.values_list("agency_state", flat=True)) == {""}


def test_an_invoice_that_changes_while_the_run_is_sending_stays(company: Company, user: User) -> None:
    invoices = [make_invoice(company) for _ in range(6)]
    run = start(company, user, [invoice.id for invoice in invoices])
    step(run)
    pay(invoices[5], 1_000)
    work_off(run)
    assert (run.state, progress_of(run).sent) == ("done", 5)
    assert reasons_of(run) == {"invoice_changed_meanwhile": 1}


def test_what_stayed_on_the_day_of_the_preview_stays_when_the_run_goes_on_after_midnight(
    company: Company, user: User
) -> None:
    going, staying = make_invoice(company), make_invoice(company, due_date=TODAY)
    run = start(company, user, [going.id, staying.id])
    while continue_sending_run(run.company_id, run.id, today=TODAY + timedelta(days=1), at=NOW):
        pass
    run.refresh_from_db()
    assert (run.state, progress_of(run)) == ("done", Progress(total=2, ready=0, sent=1, refused=1))
    assert reasons_of(run) == {"not_overdue_yet": 1}
    assert Handover.objects.get().invoice_id == going.id


def test_an_invoice_sent_from_another_tab_meanwhile_is_told_as_sent(company: Company, user: User) -> None:
    invoices = [make_invoice(company) for _ in range(6)]
    run = start(company, user, [invoice.id for invoice in invoices])
    last = invoices[5].id
    hand_over_invoices(company.id, [last], shown=shown_for(company.id, [last]), user=user, today=TODAY, at=NOW)
    work_off(run)
    assert reasons_of(run) == {"invoice_already_sent": 1}
    assert Handover.objects.count() == 6


def test_a_second_click_returns_the_run_under_way_and_later_tells_that_all_are_sent(
    company: Company, user: User
) -> None:
    ids = [make_invoice(company).id for _ in range(3)]
    seen = shown_for(company.id, ids)
    run = start(company, user, ids, seen)
    assert start(company, user, ids, seen) == run
    work_off(run)
    again = start(company, user, ids, seen)
    assert again != run
    work_off(again)
    assert (again.state, reasons_of(again)) == ("done", {"invoice_already_sent": 3})
    assert Handover.objects.count() == 3


def test_a_run_without_any_that_may_go_is_done(company: Company, user: User) -> None:
    run = start(company, user, [make_invoice(company, due_date=TODAY).id])
    work_off(run)
    assert (run.state, progress_of(run).refused) == ("done", 1)


def test_strangers_are_left_out(company: Company, user: User) -> None:
    other = make_company("Annans AB")
    with acting_for(other.id):
        foreign = make_invoice(other).id
    own = make_invoice(company).id
    run = start(company, user, [own, foreign, own], shown_for(company.id, [own]))
    assert (run.total, [len(part.chosen) for part in SendingRunPart.objects.all()]) == (1, [1])
    work_off(run)
    assert progress_of(run).sent == 1


def test_midnight_between_confirmation_and_sending_does_not_make_it_untrue(company: Company, user: User) -> None:
    ids = [make_invoice(company).id for _ in range(2)]
    run = start(company, user, ids)
    tomorrow = TODAY + timedelta(days=1)
    while continue_sending_run(company.id, run.id, today=tomorrow, at=NOW):
        pass
    run.refresh_from_db()
    assert (run.state, progress_of(run).sent) == ("done", 2)


def test_what_changed_before_the_confirmation_is_outdated_and_between_it_and_sending_stays(
    company: Company, user: User
) -> None:
    first, second = make_invoice(company), make_invoice(company)
    seen = shown_for(company.id, [first.id, second.id])
    first.customer.street = "Björkvägen 8"
    first.customer.save()
    outdated = start(company, user, [first.id, second.id], seen)
    work_off(outdated)
    assert (outdated.state, Handover.objects.count()) == ("outdated", 0)
    run = start(company, user, [first.id, second.id])
    second.customer.street = "Björkvägen 9"
    second.customer.save()
    work_off(run)
    assert (run.state, reasons_of(run)) == ("done", {"invoice_changed_meanwhile": 1})
    assert list(Handover.objects.values_list("invoice_id", flat=True)) == [first.id]


def test_one_that_was_refused_meanwhile_makes_the_preview_untrue(company: Company, user: User) -> None:
    invoice = make_invoice(company)
    seen = shown_for(company.id, [invoice.id])
    Invoice.objects.filter(id=invoice.id).update(agency_state="refused")
    run = start(company, user, [invoice.id], seen)
    work_off(run)
    assert (run.state, Handover.objects.count()) == ("outdated", 0)


class JudgedAgain(AssertionError):
    """The rules were asked about an invoice that the preview had found free to go."""


def forbid_judging(monkeypatch: pytest.MonkeyPatch) -> None:
    def refusals(*_: object) -> None:
        raise JudgedAgain

    monkeypatch.setattr(reminder, "refusals", refusals)


def test_what_the_preview_found_free_and_nobody_has_changed_is_not_judged_again(
    company: Company, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [make_invoice(company).id for _ in range(6)]
    seen = shown_for(company.id, ids)
    forbid_judging(monkeypatch)
    run = start(company, user, ids, seen)
    work_off(run)
    assert (run.state, progress_of(run).sent) == ("done", 6)


def test_without_our_seal_everything_is_judged(company: Company, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [make_invoice(company).id for _ in range(2)]
    run = start(company, user, ids, shown_hash(versions_of(company.id, ids).values(), today=TODAY))
    forbid_judging(monkeypatch)
    with pytest.raises(JudgedAgain):
        step(run)


def test_on_another_day_everything_is_judged(company: Company, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    run = start(company, user, [make_invoice(company).id])
    forbid_judging(monkeypatch)
    with pytest.raises(JudgedAgain):
        continue_sending_run(company.id, run.id, today=TODAY + timedelta(days=1), at=NOW)


def test_one_that_changes_after_the_confirmation_is_judged_for_its_reason(company: Company, user: User) -> None:
    invoices = [make_invoice(company) for _ in range(2)]
    run = start(company, user, [invoice.id for invoice in invoices])
    pay(invoices[1], invoices[1].payable_ore)
    work_off(run)
    assert (progress_of(run).sent, reasons_of(run)) == (1, {"nothing_left_to_pay": 1})


def test_what_stands_in_the_companys_way_since_the_preview_stops_all(company: Company, user: User) -> None:
    run = start(company, user, [make_invoice(company).id for _ in range(2)])
    Activation.objects.update(state="activating")
    work_off(run)
    assert (Handover.objects.count(), reasons_of(run)) == (0, {"activation_not_confirmed": 2})


def test_nobody_can_claim_that_an_invoice_was_found_free(company: Company, user: User) -> None:
    late, early = make_invoice(company), make_invoice(company, due_date=TODAY)
    ids = [late.id, early.id]
    versions = versions_of(company.id, ids)
    of_others = shown_of([(f"{version}?", True) for version in versions.values()], today=TODAY)
    ours, theirs = shown_for(company.id, ids), of_others
    # The seal of another preview, on the findings of this one and the other way round.
    for forged in (
        f"{ours.rpartition(':')[0]}:{theirs.rpartition(':')[2]}",
        f"{theirs.rpartition(':')[0]}:{ours.rpartition(':')[2]}",
    ):
        assert read_shown(forged).findings == ""
        assert start(company, user, ids, forged).state == "outdated"
    assert start(company, user, ids, of_others).state == "outdated"
    run = start(company, user, ids)
    work_off(run)
    assert (progress_of(run).sent, reasons_of(run)) == (1, {"not_overdue_yet": 1})
