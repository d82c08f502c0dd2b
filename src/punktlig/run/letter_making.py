"""Makes the letters of one run: reads and decides each invoice in order, then draws and writes them on every core.

Deciding takes a millisecond and needs to know what came before; drawing takes ten times as long and knows one letter.
So the first is done here and the second in worker processes, each with a compiler that lives as long as the run.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import signal
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from punktlig.core.letter.compose import compose
from punktlig.core.refusal import Refusal
from punktlig.core.reminder import refusals, remind
from punktlig.letters.renderer import render_letter
from punktlig.run.case_number import case_number, creditor_key, payment_reference
from punktlig.run.invoice_files import read_invoice_file
from punktlig.run.letter_files import FolderCannotBeUsed, letter_stem, write_together
from punktlig.run.specification import reminder_shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date
    from pathlib import Path

    from punktlig.core.agency import Agency
    from punktlig.core.formatting import Language
    from punktlig.core.invoice import Invoice
    from punktlig.core.letter.content import LetterContent
    from punktlig.core.money import Money
    from punktlig.run.claim_options import ClaimOptions

# A worker takes half a second to start, which is about fifty letters.
FEWEST_FOR_WORKERS = 50
_WAITING_PER_WORKER = 8


@dataclass(eq=False)
class InvoiceGivenTwice(Refusal):
    """An earlier file of the run holds the same creditor's invoice with the same number."""

    number: str
    creditor: str
    first_file: str


@dataclass(eq=False)
class CaseNumberTaken(Refusal):
    """Another invoice of the run has the same case number by chance, and so would have the same payment reference."""

    number: str
    case_number: str
    first_file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterMade:
    """A letter that lies in the folder, with its specification beside it."""

    file: str
    invoice_number: str
    creditor: str
    case_number: str
    payment_reference: str
    language: Language
    total: Money
    last_day_to_pay: date
    pdf: Path
    specification: Path
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRefused:
    """An invoice that no letter was made of, and every reason why."""

    file: str
    refusals: tuple[Refusal, ...]


Outcome = LetterMade | LetterRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A letter that has been decided and written, but not drawn."""

    content: LetterContent
    shape: dict[str, object]
    folder: Path
    stem: str
    made: Callable[..., LetterMade]


@dataclass(slots=True, kw_only=True)
class LetterRun:
    """One run: what has been met so far decides whether an invoice was given twice."""

    agency: Agency
    folder: Path
    language: Language | None = None
    workers: int = 1
    _invoices: dict[tuple[str, str], str] = field(default_factory=dict)
    _cases: dict[str, str] = field(default_factory=dict)

    def make(self, invoices: Iterable[tuple[Path, ClaimOptions]]) -> Iterator[Outcome]:
        """Yield what became of each file, in their order.

        Raises:
            FolderCannotBeUsed: the folder takes no more; the letters yielded before lie there whole.
        """
        with _pool(self.workers) as submit:
            waiting: deque[tuple[str, LetterRefused | tuple[_Draft, Future[str]]]] = deque()
            for path, options in invoices:
                file = str(path)
                with _naming(file):
                    drafted = self._draft(path, options)
                waiting.append((file, drafted if isinstance(drafted, LetterRefused) else (drafted, submit(drafted))))
                # The letters that wait are bounded, so memory does not grow with the number of files.
                while len(waiting) > self.workers * _WAITING_PER_WORKER or (waiting and self.workers == 1):
                    yield _settled(*waiting.popleft())
            while waiting:
                yield _settled(*waiting.popleft())

    def _draft(self, path: Path, options: ClaimOptions) -> _Draft | LetterRefused:
        try:
            invoice = read_invoice_file(path)
            case = self._case_number(invoice, str(path), options.as_of)
        except Refusal as refusal:
            return LetterRefused(file=str(path), refusals=(refusal,))
        facts = options.facts(invoice)
        try:
            reminder = remind(facts)
        except Refusal as refusal:
            return LetterRefused(file=str(path), refusals=refusals(facts) or (refusal,))
        language: Language = self.language or ("en" if reminder.debtor.is_abroad else "sv")
        reference = payment_reference(case)
        try:
            content = compose(
                reminder,
                self.agency,
                case_number=case,
                payment_reference=reference,
                debt_text=options.debt_text,
                language=language,
            )
        except Refusal as refusal:
            return LetterRefused(file=str(path), refusals=(refusal,))
        stem = letter_stem(invoice.number, case)
        return _Draft(
            content=content,
            shape=reminder_shape(reminder, case_number=case, payment_reference=reference),
            folder=self.folder,
            stem=stem,
            made=partial(
                LetterMade,
                file=str(path),
                invoice_number=invoice.number,
                creditor=invoice.seller.name,
                case_number=case,
                payment_reference=reference,
                language=language,
                total=reminder.total,
                last_day_to_pay=reminder.last_day_to_pay,
                pdf=self.folder / f"{stem}.pdf",
                specification=self.folder / f"{stem}.json",
            ),
        )

    def _case_number(self, invoice: Invoice, file: str, today: date) -> str:
        creditor = creditor_key(invoice, today=today)
        identity = (creditor, invoice.number)
        if identity in self._invoices:
            raise InvoiceGivenTwice(invoice.number, invoice.seller.name, self._invoices[identity])
        self._invoices[identity] = file
        case = case_number(*identity)
        if case in self._cases:
            raise CaseNumberTaken(invoice.number, case, self._cases[case])
        self._cases[case] = file
        return case


def deliver(content: LetterContent, shape: dict[str, object], folder: Path, stem: str) -> str:
    """Draw a letter and write it with its specification; return the SHA-256 of the PDF in hexadecimal.

    Raises:
        CharacterNotCovered: the fonts lack a character of it.
        FolderCannotBeUsed: the folder takes no more.
    """
    pdf = render_letter(content)
    digest = hashlib.sha256(pdf).hexdigest()
    specification = {
        **shape,
        "language": content.language,
        "template": content.template,
        "pdf": {"file": f"{stem}.pdf", "sha256": digest},
    }
    text = json.dumps(specification, ensure_ascii=False, indent=2)
    write_together(folder, {f"{stem}.json": f"{text}\n".encode("utf-8", "backslashreplace"), f"{stem}.pdf": pdf})
    return digest


def _settled(file: str, drafted: LetterRefused | tuple[_Draft, Future[str]]) -> Outcome:
    if isinstance(drafted, LetterRefused):
        return drafted
    draft, drawing = drafted
    try:
        with _naming(file):
            return draft.made(sha256=drawing.result())
    except FolderCannotBeUsed:
        # The next letter would meet the same full disk.
        raise
    except Refusal as refusal:
        return LetterRefused(file=file, refusals=(refusal,))


@contextmanager
def _naming(file: str) -> Iterator[None]:
    """Let a fault of ours say which file it happened with."""
    try:
        yield
    except Exception as problem:
        problem.add_note(f"It happened while the letter of {file} was made.")
        raise


@contextmanager
def _pool(workers: int) -> Iterator[Callable[[_Draft], Future[str]]]:
    """Give a way to have a letter delivered: by worker processes, or by this one when there is a single worker."""
    if workers == 1:
        yield _deliver_here
        return
    # Not forked: the compiler has threads, and a fork would copy their locks in whatever state they are.
    pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_leave_ctrl_c)
    try:
        yield lambda draft: pool.submit(deliver, draft.content, draft.shape, draft.folder, draft.stem)
    finally:
        # After Ctrl-C or a full disk letters not begun are dropped and those begun are finished: none is half written.
        pool.shutdown(cancel_futures=True)


def _deliver_here(draft: _Draft) -> Future[str]:
    drawing: Future[str] = Future()
    try:
        drawing.set_result(deliver(draft.content, draft.shape, draft.folder, draft.stem))
    except Exception as problem:  # noqa: BLE001 - a future hands every exception on to the one who asks for its result
        drawing.set_exception(problem)
    return drawing


def _leave_ctrl_c() -> None:
    # A terminal sends Ctrl-C to every process of the command; the one in charge decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
