"""Writing entries of the journal, many at once; the database checks that every entry's postings sum to zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from punktlig.agency.records.journal import Account, EntryKind, JournalEntry, Posting
from punktlig.tenancy.mass_rows import NewRows, insert_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    from punktlig.agency.records.creditor import Creditor

_ENTRY_COLUMNS = ("id", "creditor_id", "claim_id", "kind", "day", "booked_at", "source_id", "corrects_id")
_POSTING_COLUMNS = ("id", "creditor_id", "entry_id", "claim_id", "account", "amount_ore")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """An entry to write; `postings` are accounts with öre, debit positive. Postings of nothing are left out.

    `source_id` is the handover, command or letter it comes from: one entry of a kind a source.
    """

    claim_id: UUID
    kind: EntryKind
    day: date
    postings: tuple[tuple[Account, int], ...]
    source_id: UUID | None = None
    corrects_id: UUID | None = None


def write_entries(creditor: Creditor, entries: Sequence[NewEntry], *, at: datetime) -> None:
    """Store the entries with their postings."""
    ids = [uuid4() for _ in entries]
    insert_all(
        NewRows(
            JournalEntry,
            _ENTRY_COLUMNS,
            [
                (
                    entry_id,
                    creditor.id,
                    entry.claim_id,
                    entry.kind.value,
                    entry.day,
                    at,
                    entry.source_id,
                    entry.corrects_id,
                )
                for entry_id, entry in zip(ids, entries, strict=True)
            ],
        ),
        NewRows(
            Posting,
            _POSTING_COLUMNS,
            [
                (uuid4(), creditor.id, entry_id, entry.claim_id, account.value, ore)
                for entry_id, entry in zip(ids, entries, strict=True)
                for account, ore in entry.postings
                if ore
            ],
        ),
    )
