"""One handover an invoice, however often and from however many tabs somebody clicks."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, connection
from procrastinate.contrib.django.models import ProcrastinateJob

from punktlig.exchange.messages import ClaimSubmission
from punktlig.receivables.actions.activation import activate_reminders, answers_of
from punktlig.receivables.actions.handover_answers import take_handovers
from punktlig.receivables.actions.handovers import HandedOver, hand_over_invoices
from punktlig.receivables.records.models import Activation, Handover, HistoryLine, Invoice
from punktlig.receivables.records.sending_refusals import InvoiceAlreadySent, PreviewIsOutdated
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

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def company() -> Company:
    return make_company()


@pytest.fixture
def user(company: Company) -> User:
    user = make_user(company)
    with acting_for(company.id):
        make_activation(company, user)
    return user


def invoices(company: Company, count: int = 1) -> list[UUID]:
    with acting_for(company.id):
        return [make_invoice(company).id for _ in range(count)]


def shown(company: Company, ids: Sequence[UUID]) -> str:
    with acting_for(company.id):
        return shown_for(company.id, ids)


def confirm(company: Company, user: User, ids: Sequence[UUID], seen: str) -> HandedOver:
    with acting_for(company.id):
        return hand_over_invoices(company.id, ids, shown=seen, user=user, today=TODAY, at=NOW)


def test_the_exact_bytes_are_stored_with_their_hash(company: Company, user: User) -> None:
    (invoice_id,) = ids = invoices(company)
    nudges = ProcrastinateJob.objects.filter(task_name="send_handovers")
    before = nudges.count()
    done = confirm(company, user, ids, shown(company, ids))
    assert (done.sent, done.refused) == (ids, [])
    assert nudges.count() == before + 1
    with acting_for(company.id):
        handover = Handover.objects.get()
        invoice = Invoice.objects.get(id=invoice_id)
        line = HistoryLine.objects.get()
    body = bytes(handover.body)
    told = ClaimSubmission.model_validate_json(body)
    assert (told.handover_id, told.invoice_id) == (handover.id, invoice_id)
    assert handover.sha256 == hashlib.sha256(body).hexdigest()
    assert b"\n" not in body
    assert (handover.state, handover.attempts, handover.next_try_at) == ("queued", 0, NOW)
    assert (invoice.agency_state, invoice.sent_at) == ("sending", NOW)
    assert (line.code, line.actor, line.by_agency) == ("invoice_sent", "Maja Lind", False)


def test_answers_given_anew_outdate_the_preview_and_change_nothing_that_was_handed_over(
    company: Company, user: User
) -> None:
    before, after = ids = invoices(company, 2)
    confirm(company, user, [before], shown(company, [before]))
    seen = shown(company, [after])
    with acting_for(company.id):
        (sent,) = Handover.objects.values_list("sha256", flat=True)
        answers = replace(answers_of(Activation.objects.get()), charges_consumers_abroad=True)
        activate_reminders(company.id, answers, terms_version="2026-11", user=user, today=TODAY, at=NOW)
        Activation.objects.filter(state="activating").update(state="active")
    with pytest.raises(PreviewIsOutdated):
        confirm(company, user, [after], seen)
    confirm(company, user, [after], shown(company, [after]))
    with acting_for(company.id):
        stored = {one.invoice_id: one for one in Handover.objects.all()}
        told = [ClaimSubmission.model_validate_json(bytes(stored[one].body)).terms for one in ids]
    assert stored[before].sha256 == sent == hashlib.sha256(bytes(stored[before].body)).hexdigest()
    assert [one.charges_consumers_abroad for one in told] == [False, True]


def test_a_double_click_in_two_processes_at_once_hands_over_once(company: Company, user: User) -> None:
    ids = invoices(company, 10)
    seen = shown(company, ids)
    together = Barrier(2)

    def click(_: int) -> HandedOver:
        try:
            together.wait(5)
            return confirm(company, user, ids, seen)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as clicks:
        results = list(clicks.map(click, range(2)))
    first, second = sorted(results, key=lambda done: -len(done.sent))
    assert first.sent == ids
    assert second.sent == []
    assert [invoice_id for invoice_id, _ in second.refused] == ids
    assert all(isinstance(why[0], InvoiceAlreadySent) for _, why in second.refused)
    with acting_for(company.id):
        assert Handover.objects.count() == HistoryLine.objects.count() == 10


def test_overlapping_choices_in_two_tabs_in_other_orders_never_hang_and_hand_over_once(
    company: Company, user: User
) -> None:
    ids = invoices(company, 30)
    choices = [ids[:20], list(reversed(ids[10:]))]
    seen = [shown(company, choice) for choice in choices]
    together = Barrier(2)

    def click(tab: int) -> list[UUID]:
        try:
            together.wait(5)
            return confirm(company, user, choices[tab], seen[tab]).sent
        except PreviewIsOutdated:
            return []
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as clicks:
        first, second = list(clicks.map(click, range(2)))
    # One tab was first; the other saw that its preview was no longer true and sent nothing.
    assert sorted([len(first), len(second)]) == [0, 20]
    with acting_for(company.id):
        assert Handover.objects.count() == 20


def test_back_and_resubmit_says_that_all_are_sent_already(company: Company, user: User) -> None:
    ids = invoices(company, 3)
    seen = shown(company, ids)
    confirm(company, user, ids, seen)
    again = confirm(company, user, ids, seen)
    assert again.sent == []
    assert {type(why[0]) for _, why in again.refused} == {InvoiceAlreadySent}


def test_facts_that_changed_after_the_preview_send_nothing(company: Company, user: User) -> None:
    ids = invoices(company, 2)
    seen = shown(company, ids)
    with acting_for(company.id):
        pay(Invoice.objects.get(id=ids[0]), 5_000)
    with pytest.raises(PreviewIsOutdated):
        confirm(company, user, ids, seen)
    with acting_for(company.id):
        assert Handover.objects.count() == 0
        assert set(Invoice.objects.values_list("agency_state", flat=True)) == {""}
    assert confirm(company, user, ids, shown(company, ids)).sent == ids


def test_what_a_preview_said_would_stay_does_not_go_when_it_is_confirmed_the_day_after(
    company: Company, user: User
) -> None:
    friday, saturday = date(2026, 11, 27), date(2026, 11, 28)  # reminders of both are issued on Monday
    with acting_for(company.id):
        ids = [make_invoice(company).id, make_invoice(company, due_date=friday).id]
        seen = shown_for(company.id, ids, friday)
        with pytest.raises(PreviewIsOutdated):
            hand_over_invoices(company.id, ids, shown=seen, user=user, today=saturday, at=NOW)
        # Seen anew, both go.
        again = shown_for(company.id, ids, saturday)
        done = hand_over_invoices(company.id, ids, shown=again, user=user, today=saturday, at=NOW)
    assert set(done.sent) == set(ids)


def test_those_that_cannot_go_are_told_with_their_reasons_and_the_others_go(company: Company, user: User) -> None:
    ids = invoices(company, 3)
    with acting_for(company.id):
        late = Invoice.objects.get(id=ids[1])
        late.due_date = TODAY + timedelta(days=3)
        late.save()
    done = confirm(company, user, ids, shown(company, ids))
    assert done.sent == [ids[0], ids[2]]
    ((invoice_id, why),) = done.refused
    assert invoice_id == ids[1]
    assert [refusal.code for refusal in why] == ["not_overdue_yet"]


def test_a_mended_invoice_is_handed_over_anew_under_a_new_id(company: Company, user: User) -> None:
    (invoice_id,) = ids = invoices(company)
    confirm(company, user, ids, shown(company, ids))
    with acting_for(company.id):
        Handover.objects.update(state="refused")
        Invoice.objects.update(agency_state="refused", refusal_code="address_incomplete", refusal_facts={"a": "b"})
    assert confirm(company, user, ids, shown(company, ids)).sent == [invoice_id]
    with acting_for(company.id):
        assert sorted(Handover.objects.values_list("state", flat=True)) == ["queued", "refused"]
        invoice = Invoice.objects.get()
    assert (invoice.agency_state, invoice.refusal_code, invoice.refusal_facts) == ("sending", "", {})


def test_the_database_itself_holds_one_handover_an_invoice(company: Company, user: User) -> None:
    ids = invoices(company)
    confirm(company, user, ids, shown(company, ids))
    second: dict[str, Any] = {"body": b"", "sha256": "", "created_at": NOW, "created_by": user, "next_try_at": NOW}
    with acting_for(company.id), pytest.raises(IntegrityError, match="one_handover_an_invoice"):
        Handover.objects.create(company=company, invoice_id=ids[0], **second)


def test_many_go_through_the_same_code(company: Company, user: User) -> None:
    ids = invoices(company, 130)
    done = confirm(company, user, ids, shown(company, ids))
    assert done.sent == ids
    with acting_for(company.id):
        stored = Handover.objects.all()
        assert {json.loads(bytes(one.body))["handover_id"] for one in stored} == {str(one.id) for one in stored}
        assert Invoice.objects.filter(agency_state="sending").count() == 130


def test_more_than_a_chunk_is_refused(company: Company, user: User) -> None:
    with pytest.raises(ValueError, match="sending run"):
        confirm(company, user, [company.id] * 1001, "")


def test_as_many_are_taken_as_were_asked_for_however_the_database_plans_it(company: Company, user: User) -> None:
    ids = invoices(company, 12)
    confirm(company, user, ids, shown(company, ids))
    with acting_for(company.id), connection.cursor() as cursor:
        for way in ("hashjoin", "mergejoin", "seqscan", "material"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        taken = take_handovers(company.id, most=5, at=NOW)
        assert len({one.id for one in taken}) == 5
        assert {one.attempts for one in taken} == {1}
        assert len(take_handovers(company.id, most=100, at=NOW)) == 7
        assert take_handovers(company.id, most=100, at=NOW) == []
