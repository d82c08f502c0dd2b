"""What stops the work for one creditor is kept where a person sees it, from the first failure until it is over."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from punktlig.agency.actions import reminders
from punktlig.agency.actions.closing import withdraw
from punktlig.agency.gateways.email_gateway import CaughtEmail, Sender
from punktlig.agency.jobs import daily_round, deliver_letters, each_creditor
from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.records.models import Creditor, CreditorFault, Work
from punktlig.tenancy.context import acting_for, acting_for_everyone
from tests.agency.people import logged_in, person
from tests.agency.rounds import THURSDAY, accept, deliver, fresh, morning
from tests.agency.samples import make_creditor

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

pytestmark = pytest.mark.django_db


def faults() -> list[tuple[UUID, str, datetime, datetime, str]]:
    with acting_for_everyone():
        found = CreditorFault.objects.order_by("since")
        return list(found.values_list("creditor_id", "work", "since", "last_at", "problem"))


def broken_for(creditor: Creditor, monkeypatch: pytest.MonkeyPatch) -> None:
    real = reminders.issue_reminders

    def issue(creditor_id: UUID, **rest: Any) -> reminders.Issued:
        if creditor_id == creditor.id:
            raise ZeroDivisionError("Anna Ek, Björkvägen 7")
        return real(creditor_id, **rest)

    monkeypatch.setattr(daily_round, "issue_reminders", issue)


def test_a_fault_is_kept_since_the_first_failure_and_ended_by_the_round_that_succeeds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bad, good = make_creditor(), make_creditor()
    accept(bad)
    accept(good)
    first, second = morning(THURSDAY), morning(THURSDAY, 9)
    with monkeypatch.context() as patched:
        broken_for(bad, patched)
        assert run_daily_round(today=THURSDAY, at=first).issued == 1
        assert faults() == [(bad.id, Work.ISSUE_REMINDERS, first, first, "ZeroDivisionError")]
        run_daily_round(today=THURSDAY, at=second)
        assert faults() == [(bad.id, Work.ISSUE_REMINDERS, first, second, "ZeroDivisionError")]
    assert run_daily_round(today=THURSDAY, at=morning(THURSDAY, 10)).issued == 1
    assert faults() == []


def test_a_fault_is_over_when_there_is_nothing_left_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    creditor = make_creditor()
    claim = accept(creditor)
    broken_for(creditor, monkeypatch)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    assert faults()
    with acting_for(creditor.id):
        withdraw(creditor.id, claim.id, actor="Karin Wester", today=THURSDAY, at=morning(THURSDAY, 9))
    run_daily_round(today=THURSDAY, at=morning(THURSDAY, 10))
    assert faults() == []


def test_a_worker_that_sees_nothing_since_another_holds_it_ends_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    creditor = make_creditor()
    accept(creditor)
    with monkeypatch.context() as patched:
        broken_for(creditor, patched)
        run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    monkeypatch.setattr(daily_round, "issue_reminders", lambda *_args, **_told: reminders.Issued())
    run_daily_round(today=THURSDAY, at=morning(THURSDAY, 10))
    assert len(faults()) == 1


def test_a_fault_that_cannot_be_kept_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    creditors = sorted((make_creditor() for _ in range(2)), key=lambda creditor: creditor.id)
    for creditor in creditors:
        accept(creditor)
    broken_for(creditors[0], monkeypatch)

    def unkept(*_args: object, **_told: object) -> None:
        raise ValueError

    monkeypatch.setattr(each_creditor, "note_fault", unkept)
    assert run_daily_round(today=THURSDAY, at=morning(THURSDAY)).issued == 1
    assert faults() == []


@pytest.mark.parametrize(("verb", "work"), [("claim_due", Work.TAKE_LETTERS), ("settle", Work.STORE_ANSWERS)])
def test_letters_that_do_not_get_away_are_told_of_until_they_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, verb: str, work: Work
) -> None:
    creditor = make_creditor()
    claim = accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))

    def broken(*_args: object, **_told: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(deliver_letters, verb, broken)
        deliver(tmp_path, morning(THURSDAY, 10))
        # A lease still runs, so that there is nothing to take; the fault is there all the same.
        deliver(tmp_path, morning(THURSDAY, 10) + timedelta(seconds=30))
    assert [(found[0], found[1]) for found in faults()] == [(creditor.id, work)]
    deliver(tmp_path, morning(THURSDAY, 11))
    assert fresh(claim).status == "reminder_sent"
    assert faults() == []


def test_letters_that_wait_for_the_desk_keep_no_fault_of_the_e_mail() -> None:
    creditor = make_creditor()
    accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    with acting_for(creditor.id):
        CreditorFault.objects.create(
            creditor=creditor, work=Work.TAKE_LETTERS, since=morning(THURSDAY), last_at=morning(THURSDAY), problem="x"
        )
    deliver(None, morning(THURSDAY, 10), email=CaughtEmail(Sender("Ekviken Ombud AB", "hej@ekviken.example")))
    assert faults() == []


def test_the_desk_tells_a_case_handler_which_creditor_since_when_and_what(monkeypatch: pytest.MonkeyPatch) -> None:
    creditor = make_creditor()
    accept(creditor)
    with monkeypatch.context() as patched:
        broken_for(creditor, patched)
        run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    desk = logged_in(person("case_handler"))
    page = " ".join(desk.get("/desk/").text.replace("\u00a0", " ").split())
    for words in (creditor.name, "Påminnelser skapas inte", "26 november kl.", "felet heter ZeroDivisionError",
                  "andra borgenärer berörs inte", "Visa borgenärens ärenden"):  # fmt: skip
        assert words in page
    assert "Anna Ek, Björkvägen" not in page, "what an error says may be about people"
    run_daily_round(today=THURSDAY, at=morning(THURSDAY, 10))
    assert "Påminnelser skapas inte" not in desk.get("/desk/").text


def test_every_work_has_words() -> None:
    creditor = make_creditor()
    with acting_for(creditor.id):
        for work in Work:
            CreditorFault.objects.create(
                creditor=creditor, work=work, since=morning(THURSDAY), last_at=morning(THURSDAY), problem="KeyError"
            )
    assert len(logged_in(person("case_handler")).get("/desk/").context["waiting"]) == len(Work)
