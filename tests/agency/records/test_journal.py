"""What the database holds of the journal, for all rows of a statement at once: sums, and whose a posting is."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from punktlig.agency.records.journal import Account, EntryKind, JournalEntry, Posting
from punktlig.agency.records.journal_writing import NewEntry, write_entries
from punktlig.tenancy.context import acting_for
from tests.agency.rounds import WEDNESDAY, accept, morning
from tests.agency.samples import make_creditor, make_platform

if TYPE_CHECKING:
    from collections.abc import Iterator

    from punktlig.agency.records.models import Claim, Creditor

pytestmark = pytest.mark.django_db

AT = morning(WEDNESDAY)


@pytest.fixture
def creditor() -> Iterator[Creditor]:
    creditor = make_creditor(make_platform())
    with acting_for(creditor.id):
        yield creditor


def entry_of(claim: Claim, *postings: tuple[Account, int]) -> NewEntry:
    return NewEntry(claim_id=claim.id, kind=EntryKind.WAIVER, day=WEDNESDAY, source_id=uuid4(), postings=postings)


def post(creditor: Creditor, entry_id: UUID, claim_id: UUID, *ore: int) -> None:
    with transaction.atomic():
        Posting.objects.bulk_create(
            Posting(
                creditor=creditor, entry_id=entry_id, claim_id=claim_id, account=Account.WAIVED.value, amount_ore=each
            )
            for each in ore
        )


def test_postings_that_do_not_sum_to_zero_are_refused(creditor: Creditor) -> None:
    claim = accept(creditor)
    with pytest.raises(IntegrityError, match="do not sum to zero"), transaction.atomic():
        write_entries(creditor, [entry_of(claim, (Account.WAIVED, 100), (Account.FEES_OWED, -99))], at=AT)


def test_an_entry_gets_its_postings_in_one_statement_and_no_more(creditor: Creditor) -> None:
    claim = accept(creditor)
    entry = JournalEntry.objects.get(claim=claim)
    with pytest.raises(IntegrityError, match="has its postings already"):
        post(creditor, entry.id, claim.id, 100, -100)


def test_a_posting_of_no_entry_is_refused(creditor: Creditor) -> None:
    claim = accept(creditor)
    with pytest.raises(IntegrityError, match="of no entry of its claim"):
        post(creditor, uuid4(), claim.id, 100, -100)


def test_a_posting_of_another_claims_entry_is_refused(creditor: Creditor) -> None:
    claim, other = accept(creditor), accept(creditor)
    entry = JournalEntry.objects.get(claim=other)
    with pytest.raises(IntegrityError, match="of no entry of its claim"):
        post(creditor, entry.id, claim.id, 100, -100)
    with pytest.raises(IntegrityError, match="of no entry of its claim"):
        post(creditor, entry.id, uuid4(), 100, -100)


def test_a_posting_of_another_creditors_entry_is_refused(creditor: Creditor) -> None:
    claim = accept(creditor)
    entry = JournalEntry.objects.get(claim=claim)
    stranger = make_creditor(creditor.platform)
    with acting_for(stranger.id), pytest.raises(IntegrityError, match="of no entry of its claim"):
        post(stranger, entry.id, claim.id, 100, -100)


@pytest.mark.parametrize("count", [2, 100])
def test_entries_are_written_before_postings_however_many_they_are(creditor: Creditor, count: int) -> None:
    claim = accept(creditor)
    entries = [entry_of(claim) for _ in range(count)]
    write_entries(creditor, [*entries, entry_of(claim, (Account.WAIVED, 100), (Account.FEES_OWED, -100))], at=AT)
    assert JournalEntry.objects.filter(claim=claim, kind=EntryKind.WAIVER).count() == count + 1


@pytest.mark.parametrize("table", ["agency_journal_entry", "agency_posting"])
def test_nobody_takes_an_entry_or_a_posting_away(creditor: Creditor, table: str) -> None:
    accept(creditor)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - one of the two names above
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O' "
            "AND tgname = 'agency_journal_stays'",
            [table],
        )
        assert cursor.fetchall() == [("agency_journal_stays",)]
