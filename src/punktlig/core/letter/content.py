"""The content of a letter as data: every word and amount that stands on the paper, and nothing about its layout.

This is what is stored. A letter is its content, the version of the template and the hash of its PDF; the PDF is made
again from the content whenever somebody looks at it.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Literal, Self

from punktlig.core.letter.stored_form import read_stored
from punktlig.core.plain_values import plain_value

if TYPE_CHECKING:
    from datetime import date

    from punktlig.core.formatting import Language

Align = Literal["left", "right"]

TEMPLATE = "reminder-1"


@plain_value()
class Labelled:
    """A small label and what stands under or beside it. A value may have several lines, parted by a line feed."""

    label: str
    value: str


@plain_value()
class Run:
    """A stretch of running text, in semibold when `strong`."""

    text: str
    strong: bool = False


@plain_value()
class SumRow:
    """One row of what the amount consists of; a subtotal has a heavier rule above it."""

    text: str
    amount: str
    subtotal: bool = False


@plain_value()
class Sums:
    """What the amount to pay consists of."""

    title: str
    unit: str
    rows: tuple[SumRow, ...]
    total: SumRow


@plain_value()
class QrPayment:
    """What a bank app needs to fill in the payment; the letter draws it as a UsingQR code. `amount` is text in SEK."""

    payee: str
    organisation_number: str
    reference: str
    due_date: date
    amount: str
    account_kind: Literal["BG", "PG"]
    account: str


@plain_value()
class PaymentBox:
    """The framed box on page 1: how much, by when, where to and with which reference."""

    title: str
    amount: Labelled
    last_day: Labelled
    fields: tuple[Labelled, ...]
    hint: str
    qr: QrPayment | None = None
    qr_caption: str = ""


@plain_value()
class Column:
    """A table column; the width is in millimetres, or nothing for the column that takes what is left."""

    title: str
    align: Align = "right"
    width_mm: int | None = None


@plain_value()
class Details:
    """A table that explains amounts, with notes under it.

    With `title_in_header` the title stands in the first column's head, otherwise above the table.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    before_total: tuple[tuple[str, ...], ...] = ()
    total: tuple[str, ...] | None = None
    notes: tuple[Labelled, ...] = ()
    title_in_header: bool = False


@plain_value(kw_only=True)
class LetterContent:
    """Everything a letter says, in the order it is read.

    `author` is the sender's full name for the document's metadata, `wordmark` the short name printed at the top of the
    sheet, `footer` columns of two lines, `page_words` the words of "page 1 of 2", `see_details` the sentence around the
    page number of the details when they are not on page 1, `running` the head of the following pages.
    """

    language: Language
    date: date
    author: str
    wordmark: str
    title: str
    recipient: tuple[str, ...]
    facts: tuple[Labelled, ...]
    heading: tuple[str, ...]
    lead: tuple[tuple[Run, ...], ...]
    sums: Sums
    payment: PaymentBox
    help: tuple[Labelled, ...]
    contact: tuple[Labelled, ...]
    otherwise: str
    details: tuple[Details, ...]
    running: str
    footer: tuple[tuple[str, str], ...]
    page_words: tuple[str, str]
    see_details: tuple[str, str]
    template: str = TEMPLATE

    def to_json(self) -> str:
        """Return the stored form: JSON with fields in the order above, amounts as text in SEK, dates in ISO 8601."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"), default=str)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the content that `to_json` stored.

        Raises:
            NotTheStoredForm: a field is missing, unknown or of another type.
        """
        return read_stored(cls, text)
