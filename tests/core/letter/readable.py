"""A letter's whole content as text that a person can read from top to bottom and approve."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from punktlig.core.letter.content import Details, Labelled, LetterContent, PaymentBox

# Seen in the approved text, because a torn amount or date is a fault.
_NO_BREAK = ("\u00a0", "~")


def readable(content: LetterContent) -> str:
    """Return every word of the content; `~` is a no-break space, `**` surrounds semibold."""
    return "\n".join(_lines(content)).replace(*_NO_BREAK) + "\n"


def _lines(content: LetterContent) -> Iterator[str]:
    yield f"[{content.template}, {content.language}, {content.date}] {content.title}"
    yield f"[author] {content.author}   [wordmark] {content.wordmark}"
    yield ""
    yield from (f"    | {line}" for line in content.recipient)
    yield ""
    yield from _labelled(content.facts)
    yield ""
    yield from (f"# {line}" for line in content.heading)
    yield ""
    for runs in content.lead:
        yield "".join(f"**{run.text}**" if run.strong else run.text for run in runs)
    yield ""
    yield f"{content.sums.title} | {content.sums.unit}"
    for row in content.sums.rows:
        yield f"  {'= ' if row.subtotal else ''}{row.text} | {row.amount}"
    yield f"  == {content.sums.total.text} | {content.sums.total.amount}"
    yield ""
    yield from _payment(content.payment)
    yield ""
    yield from _labelled(content.help)
    yield from _labelled(content.contact)
    yield ""
    yield content.otherwise
    yield "…".join(content.see_details)
    for details in content.details:
        yield ""
        yield from _details(details)
    yield ""
    yield f"[running] {content.running}"
    yield from (f"[footer] {first} / {second}" for first, second in content.footer)
    yield f"[page] {' … '.join(content.page_words)}"


def _labelled(items: tuple[Labelled, ...]) -> Iterator[str]:
    for item in items:
        yield f"{item.label}: {item.value.replace('\n', ' / ')}"


def _payment(payment: PaymentBox) -> Iterator[str]:
    yield f"+ {payment.title}"
    for item in (payment.amount, payment.last_day, *payment.fields):
        yield f"| {item.label}: {item.value}"
    yield f"| {payment.hint}"
    if payment.qr is None:
        yield "| [no code]"
    else:
        qr = payment.qr
        yield f"| [code: {payment.qr_caption}] {qr.payee}, {qr.organisation_number}, {qr.account_kind} {qr.account}"
        yield f"| [code] {qr.reference}, {qr.due_date}, {qr.amount}"


def _details(details: Details) -> Iterator[str]:
    yield f"## {details.title}{' (in the header)' if details.title_in_header else ''}"
    columns = (f"{it.title} ({it.align}, {'rest' if it.width_mm is None else it.width_mm})" for it in details.columns)
    yield " | ".join(columns)
    for row in details.rows:
        yield "  " + " | ".join(row)
    for row in details.before_total:
        yield "  + " + " | ".join(row)
    if details.total is not None:
        yield "  == " + " | ".join(details.total)
    for note in details.notes:
        yield f"* {note.label} {note.value}"
