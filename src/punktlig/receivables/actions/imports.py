"""Reading invoice files into the ledger: given at once, read in chunks, and each told what became of it.

A chunk is one transaction that holds its files locked: a worker that dies leaves them waiting. One company's chunks
wait for each other, so a customer or a number that two files share is met once.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import transaction
from procrastinate.contrib.django import app

from punktlig.core.refusal import Refusal
from punktlig.formats.archives import files_in, is_archive
from punktlig.formats.reader import read_invoice
from punktlig.receivables.records.company import Company
from punktlig.receivables.records.import_documents import CreditDocument, InvoiceDocument, document_of
from punktlig.receivables.records.import_writing import Chunk
from punktlig.receivables.records.imports import FileOutcome, ImportedFile, ImportRun
from punktlig.receivables.records.ledger_lock import lock_ledger
from punktlig.receivables.records.ledger_refusals import (
    FileBrokeTheReader,
    FilesTooLargeTogether,
    NoFilesGiven,
    TooManyFiles,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    from punktlig.tenancy.models import User

MOST_FILES = 1_500
MOST_BYTES = 100_000_000
FILES_IN_A_CHUNK = 100

_MEGABYTE = 1_000_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class GivenFile:
    """A file as it was given: the name it had, and its bytes."""

    name: str
    content: bytes


def start_import(company_id: UUID, files: Sequence[GivenFile], *, user: User, at: datetime) -> ImportRun:
    """Keep the files, those inside ZIP archives as their own, and return the run in which a job will read them.

    Raises:
        NoFilesGiven, TooManyFiles, FilesTooLargeTogether, or an archive's refusal. Nothing has been kept.
    """
    unpacked = _unpacked(files)
    with transaction.atomic():
        run = ImportRun.objects.create(
            id=uuid4(), company_id=company_id, started_at=at, started_by=user, file_count=len(unpacked)
        )
        ImportedFile.objects.bulk_create(
            (
                ImportedFile(
                    company_id=company_id,
                    run=run,
                    position=position,
                    name=given.name.replace("\0", "")[-300:],
                    sha256=hashlib.sha256(given.content).hexdigest(),
                    content=given.content,
                )
                for position, given in enumerate(unpacked, start=1)
            ),
            batch_size=100,
        )
        app.configure_task("read_imports").defer()
    return run


def _unpacked(files: Sequence[GivenFile]) -> list[GivenFile]:
    found: list[GivenFile] = []
    left = MOST_BYTES
    for given in files:
        if is_archive(given.content):
            inside = files_in(given.name, given.content, most_files=MOST_FILES, most_bytes=left)
            found += [GivenFile(name, content) for name, content in inside]
            left -= sum(len(content) for _, content in inside)
        else:
            found.append(given)
            left -= len(given.content)
        if left < 0:
            raise FilesTooLargeTogether(-(-(MOST_BYTES - left) // _MEGABYTE), MOST_BYTES // _MEGABYTE)
    if not found:
        raise NoFilesGiven
    if len(found) > MOST_FILES:
        raise TooManyFiles(len(found), MOST_FILES)
    return found


@transaction.atomic
def read_next_files(company_id: UUID, *, today: date, at: datetime) -> bool:
    """Read the next files of the company's oldest unfinished run, and return whether there may be more to do."""
    lock_ledger(company_id)
    run = (
        ImportRun.objects.filter(company_id=company_id, finished_at__isnull=True)
        .select_related("started_by")
        .order_by("started_at", "id")
        .first()
    )
    if run is None:
        return False
    waiting = ImportedFile.objects.filter(company_id=company_id, run=run, outcome=FileOutcome.WAITING)
    files = list(waiting.select_for_update(skip_locked=True).order_by("is_last", "position")[:FILES_IN_A_CHUNK])
    if not files:
        run.finished_at = at
        run.save(update_fields=["finished_at"])
        return True
    company = Company.objects.get(id=company_id)
    chunk = Chunk(company_id, actor=run.started_by.get_full_name(), user=run.started_by, today=today, at=at)
    for file in files:
        chunk.add(file, _document_in(file, company))
    if chunk.write():
        app.configure_task("send_commands").defer()
    return True


def _document_in(file: ImportedFile, company: Company) -> InvoiceDocument | CreditDocument | Refusal:
    try:
        return document_of(read_invoice(bytes(file.content or b"")), company)
    except Refusal as refusal:
        return refusal
    except Exception:  # noqa: BLE001 - whatever it is, it is logged, told in the report, and the other files are read
        # One file that our reading cannot bear would else keep the company's other files waiting for ever.
        _log.exception("file %s of run %s broke the reader", file.id, file.run_id)
        return FileBrokeTheReader()
