"""Writing a chunk of read files down: a fixed number of queries, whether it has one file or a hundred."""

from __future__ import annotations

from collections import defaultdict
from itertools import zip_longest
from typing import TYPE_CHECKING
from uuid import uuid4

from punktlig.core.money import Money
from punktlig.core.refusal import Refusal
from punktlig.receivables.records.command_writing import add_commands
from punktlig.receivables.records.customer import Customer
from punktlig.receivables.records.history import HistoryLine
from punktlig.receivables.records.import_customers import FILLED_IN, KnownCustomers, may_be
from punktlig.receivables.records.import_documents import CreditDocument, InvoiceDocument
from punktlig.receivables.records.imports import FileOutcome, ImportedFile
from punktlig.receivables.records.invoice import CreditNote, Invoice, InvoiceLine
from punktlig.receivables.records.invoice_entry import LineKept, differences
from punktlig.receivables.records.invoice_money import add_credit_notes
from punktlig.receivables.records.ledger_refusals import (
    CreditedInvoiceMissing,
    CreditExceedsInvoice,
    CreditNoteInOtherCurrency,
    CreditNoteNumberTaken,
    CreditNoteShareUnknown,
    CreditNoteToAnotherCustomer,
    FileContradictsInvoice,
    PaymentIsAhead,
)
from punktlig.ui.refusals import explain_refusal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from uuid import UUID

    from punktlig.tenancy.models import User

type Document = InvoiceDocument | CreditDocument | Refusal


class Chunk:
    """Files with what was read in each; the caller holds the ledger's lock and the files' own."""

    def __init__(self, company_id: UUID, *, actor: str, user: User, today: date, at: datetime) -> None:
        self._company_id, self._actor, self._user, self._today, self._at = company_id, actor, user, today, at
        self._files: list[tuple[ImportedFile, Document]] = []
        self._history: list[HistoryLine] = []

    def add(self, file: ImportedFile, document: Document) -> None:
        """Take a file into the chunk."""
        self._files.append((file, document))

    def write(self) -> bool:
        """Write everything down, and return whether the agency is to be told of something."""
        invoices = [(file, found) for file, found in self._files if isinstance(found, InvoiceDocument)]
        credits_ = [(file, found) for file, found in self._files if isinstance(found, CreditDocument)]
        for file, found in self._files:
            if isinstance(found, Refusal):
                _refuse(file, found)
        self._write_invoices(invoices)
        told = self._write_credits(credits_)
        HistoryLine.objects.bulk_create(self._history, batch_size=500)
        ImportedFile.objects.bulk_update([file for file, _ in self._files], _FILE_COLUMNS, batch_size=100)
        return told

    # ---- Invoices

    def _write_invoices(self, documents: list[tuple[ImportedFile, InvoiceDocument]]) -> None:
        if not documents:
            return
        customers = KnownCustomers(self._company_id, (found.buyer for _, found in documents), today=self._today)
        known, lines = self._known((found.invoice.number for _, found in documents))
        new: list[InvoiceDocument] = []
        for file, found in documents:
            file.invoice_number = found.invoice.number
            there = known.get(found.invoice.number)
            if there is None:
                found.invoice.customer = customers.of_or_new(found.buyer)
                known[found.invoice.number] = found.invoice
                lines[found.invoice.id] = [_kept(line) for line in found.lines]
                new.append(found)
                self._tell(found.invoice, "invoice_imported", {"file": file.name})
                _take(file, FileOutcome.CREATED, found.invoice)
            else:
                self._compare(file, found, there, lines[there.id])
        Customer.objects.bulk_create(customers.new, batch_size=500)
        Customer.objects.bulk_update(customers.filled.values(), FILLED_IN, batch_size=200)
        Invoice.objects.bulk_create((found.invoice for found in new), batch_size=100)
        InvoiceLine.objects.bulk_create((line for found in new for line in found.lines), batch_size=500)

    def _known(self, numbers: Iterable[str]) -> tuple[dict[str, Invoice], dict[UUID, list[LineKept]]]:
        rows = Invoice.objects.filter(company_id=self._company_id, number__in=set(numbers))
        known = {invoice.number: invoice for invoice in rows.select_related("customer").defer("source_bytes", "notes")}
        lines: defaultdict[UUID, list[LineKept]] = defaultdict(list)
        if known:
            of_known = InvoiceLine.objects.filter(company_id=self._company_id, invoice__in=list(known.values()))
            for line in of_known.order_by("position"):
                lines[line.invoice_id].append(_kept(line))
        return known, lines

    def _compare(self, file: ImportedFile, found: InvoiceDocument, there: Invoice, lines: list[LineKept]) -> None:
        if there.source_sha256 and there.source_sha256 == found.invoice.source_sha256:
            _take(file, FileOutcome.SAME, there)
            return
        other = found.invoice
        if may_be(there.customer, found.buyer, today=self._today):
            other.customer_id = there.customer_id
        different = differences(there, lines, other, [_kept(line) for line in found.lines])
        if not different:
            _take(file, FileOutcome.SAME, there)
            return
        _take(file, FileOutcome.CONFLICT, there)
        _explain(file, FileContradictsInvoice(there.number, there.customer.name, different))
        file.facts["differences"] = [[name, *_both(name, there, found, lines)] for name in different]

    # ---- Credit notes

    def _write_credits(self, documents: list[tuple[ImportedFile, CreditDocument]]) -> bool:
        if not documents:
            return False
        targets = {
            invoice.number: invoice
            for invoice in Invoice.objects.select_for_update(of=("self",))
            .filter(company_id=self._company_id, number__in={found.corrects for _, found in documents})
            .select_related("customer")
            .defer("source_bytes", "notes")
            .order_by("id")
        }
        numbers = {found.number for _, found in documents}
        known = {
            note.number: note
            for note in CreditNote.objects.filter(company_id=self._company_id, number__in=numbers).select_related(
                "invoice"
            )
        }
        notes: list[CreditNote] = []
        for file, found in documents:
            file.invoice_number = found.number
            target = targets.get(found.corrects)
            if target is None and not file.is_last:
                # Its invoice may come later in the same run.
                file.is_last = True
                continue
            refusal = self._judge(found, target, known.get(found.number))
            if refusal is not None:
                _refuse(file, refusal)
                if isinstance(refusal, CreditNoteNumberTaken):
                    file.outcome = FileOutcome.CONFLICT
                continue
            assert target is not None  # noqa: S101 - refused above
            if found.number in known:
                _take(file, FileOutcome.SAME, target)
                continue
            note = self._note(found, target)
            known[found.number] = note
            notes.append(note)
            target.credited_ore += note.amount_ore  # in memory, for the next note on the same invoice
            self._tell(
                target,
                "credit_note_imported",
                {"amount": str(found.amount), "day": found.day.isoformat(), "number": found.number, "file": file.name},
            )
            _take(file, FileOutcome.CREDITED, target)
        add_credit_notes(self._company_id, notes)
        return bool(add_commands(self._company_id, notes, at=self._at))

    def _judge(self, found: CreditDocument, target: Invoice | None, known: CreditNote | None) -> Refusal | None:
        if known is not None:
            told = (known.invoice.number, known.day, known.amount_ore)
            same = told == (found.corrects, found.day, found.amount.ore)
            return None if same else CreditNoteNumberTaken(found.number, told[0], Money(known.amount_ore))
        if target is None:
            return CreditedInvoiceMissing(found.number, found.corrects)
        refusal: Refusal | None = None
        credited, owed = Money(target.credited_ore) + found.amount, Money(target.owed_ore)
        if found.currency != target.currency:
            refusal = CreditNoteInOtherCurrency(found.number, found.currency, target.number, target.currency)
        elif not may_be(target.customer, found.buyer, today=self._today):
            refusal = CreditNoteToAnotherCustomer(found.number, found.buyer.name, target.number, target.customer.name)
        elif target.deduction:
            refusal = CreditNoteShareUnknown(found.number, target.number)
        elif found.day > self._today:
            refusal = PaymentIsAhead(found.day, self._today)
        elif credited > owed:
            refusal = CreditExceedsInvoice(target.number, credited, owed)
        return refusal

    def _note(self, found: CreditDocument, target: Invoice) -> CreditNote:
        return CreditNote(
            id=uuid4(),
            company_id=self._company_id,
            invoice=target,
            number=found.number,
            day=found.day,
            amount_ore=found.amount.ore,
            recorded_at=self._at,
            recorded_by=self._user,
        )

    def _tell(self, invoice: Invoice, code: str, facts: dict[str, str]) -> None:
        self._history.append(
            HistoryLine(
                company_id=self._company_id, invoice=invoice, at=self._at, actor=self._actor, code=code, facts=facts
            )
        )


_FILE_COLUMNS = ("outcome", "is_last", "invoice_id", "invoice_number", "code", "facts", "message", "content")
_MOST_MESSAGE = 1000


def _take(file: ImportedFile, outcome: FileOutcome, invoice: Invoice) -> None:
    file.outcome, file.invoice_id, file.content = outcome, invoice.id, None


def _refuse(file: ImportedFile, refusal: Refusal) -> None:
    file.outcome, file.content = FileOutcome.REFUSED, None
    _explain(file, refusal)


def _explain(file: ImportedFile, refusal: Refusal) -> None:
    """Keep the refusal in words of both languages: the report is read later, when its facts may have changed."""
    file.code = refusal.code
    for language in ("sv", "en"):
        text = explain_refusal(refusal, "en" if language == "en" else "sv")
        file.facts[language] = {"what": text.what, "todo": text.todo}
    file.message = file.facts["sv"]["what"][:_MOST_MESSAGE]


def _kept(line: InvoiceLine) -> LineKept:
    return LineKept(line.text, line.quantity, line.amount_ore)


def _both(name: str, there: Invoice, found: InvoiceDocument, lines: list[LineKept]) -> tuple[str, str]:
    """Return the fact as the ledger has it and as the file says it: days in ISO 8601, amounts as `1200.00`.

    Of the lines the first that differs is told.
    """
    if name == "customer_id":
        return there.customer.name, found.buyer.name
    if name == "lines":
        pairs = zip_longest(lines, map(_kept, found.lines))
        here, in_file = next((one, other) for one, other in pairs if one != other)
        return _line(here), _line(in_file)
    return _text(name, getattr(there, name)), _text(name, getattr(found.invoice, name))


def _line(line: LineKept | None) -> str:
    if line is None:
        return ""
    return f"{line.text[:80]} {Money(line.amount_ore)}" if line.amount_ore is not None else line.text[:80]


def _text(name: str, value: object) -> str:
    if value is None:
        return ""
    if name.endswith("_ore") and isinstance(value, int):
        return str(Money(value))
    return str(value)
