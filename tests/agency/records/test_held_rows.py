"""What is written with every claim belongs to a claim, a step, a letter of its creditor, which stay."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from django.db import ProgrammingError

from punktlig.agency.actions.reminders import issue_reminders
from punktlig.agency.records.models import Claim, ClaimEvent, ClaimStep, Creditor, Delivery, Letter
from punktlig.tenancy.context import acting_for
from tests.agency.rounds import THURSDAY, accept, morning
from tests.agency.samples import make_creditor, make_platform
from tests.tenancy.held_rows import copy_of, refusing, run

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db

# Table, the column that says whom a row belongs to, and what else a copy differs in.
HELD: dict[str, tuple[str, str, dict[str, object]]] = {
    "agency_claim_event_claim_of_tenant": ("agency_claim_event", "claim_id", {"sequence": 9}),
    "agency_journal_entry_claim_of_tenant": ("agency_journal_entry", "claim_id", {"source_id": None}),
    "agency_claim_step_claim_of_tenant": ("agency_claim_step", "claim_id", {"step": "another"}),
    "agency_letter_claim_of_tenant": ("agency_letter", "claim_id", {"edition": 9}),
    "agency_letter_step_of_tenant": ("agency_letter", "step_id", {"edition": 9}),
    "agency_delivery_letter_of_tenant": ("agency_delivery", "letter_id", {"gateway": "another"}),
}
PARENTS: dict[str, type[Claim | ClaimStep | Letter]] = {"claim_id": Claim, "step_id": ClaimStep, "letter_id": Letter}


def reminded() -> Creditor:
    """Return a creditor with two claims whose reminders have been issued."""
    creditor = make_creditor(make_platform())
    accept(creditor)
    accept(creditor)
    with acting_for(creditor.id):
        assert issue_reminders(creditor.id, today=THURSDAY, at=morning(THURSDAY)).issued == 2
    return creditor


@pytest.fixture
def creditor() -> Iterator[Creditor]:
    creditor = reminded()
    with acting_for(creditor.id):
        yield creditor


def parents(creditor: Creditor, column: str) -> list[UUID]:
    with acting_for(creditor.id):
        return list(PARENTS[column].objects.values_list("id", flat=True))


@pytest.mark.parametrize("reference", HELD)
@pytest.mark.usefixtures("creditor")
def test_a_row_of_nothing_is_refused_by_the_name_of_its_reference(reference: str) -> None:
    table, column, others = HELD[reference]
    assert refusing(*copy_of(table, column, [uuid4()], **others)) == reference


@pytest.mark.parametrize("reference", HELD)
@pytest.mark.usefixtures("creditor")
def test_a_row_of_another_creditors_is_refused(reference: str) -> None:
    table, column, others = HELD[reference]
    strange, *_ = parents(reminded(), column)
    assert refusing(*copy_of(table, column, [strange], **others)) == reference


def test_one_row_of_nothing_takes_all_of_its_statement_along(creditor: Creditor) -> None:
    own = parents(creditor, "claim_id")
    added = copy_of("agency_claim_event", "claim_id", [*own, uuid4()], sequence=9)
    assert refusing(*added) == "agency_claim_event_claim_of_tenant"
    assert not ClaimEvent.objects.filter(sequence=9).exists()


def test_rows_of_ones_own_are_added_however_many_and_in_any_order(creditor: Creditor) -> None:
    own = parents(creditor, "claim_id")
    assert run(*copy_of("agency_journal_entry", "claim_id", own * 200, source_id=None)) == 400


@pytest.mark.parametrize(
    ("statement", "refused_by"),
    [
        ("DELETE FROM agency_claim WHERE creditor_id = %s", "agency_claim_stays"),
        ("DELETE FROM agency_letter WHERE creditor_id = %s", "agency_letter_stays"),
        ("UPDATE agency_claim SET id = gen_random_uuid() WHERE creditor_id = %s", "agency_claim_key_stays"),
        ("UPDATE agency_letter SET id = gen_random_uuid() WHERE creditor_id = %s", "agency_letter_key_stays"),
        ("UPDATE agency_letter SET claim_id = gen_random_uuid() WHERE creditor_id = %s", "agency_letter_claim_stays"),
        ("UPDATE agency_letter SET step_id = gen_random_uuid() WHERE creditor_id = %s", "agency_letter_step_stays"),
        (
            "UPDATE agency_delivery SET letter_id = gen_random_uuid() WHERE creditor_id = %s",
            "agency_delivery_letter_stays",
        ),
    ],
)
def test_what_rows_belong_to_stays(creditor: Creditor, statement: str, refused_by: str) -> None:
    assert refusing(statement, [creditor.id]) == refused_by


@pytest.mark.usefixtures("creditor")
def test_steps_and_what_is_only_added_to_may_not_even_be_asked_to_go() -> None:
    for model in (ClaimStep, ClaimEvent):
        with pytest.raises(ProgrammingError, match="permission denied"):
            run(f"DELETE FROM {model._meta.db_table}", [])  # noqa: S608 - a table of ours


@pytest.mark.usefixtures("creditor")
def test_a_row_is_saved_with_all_of_its_columns() -> None:
    for record in (*Claim.objects.all(), *Letter.objects.all(), *Delivery.objects.all()):
        record.save()
