"""The payment code: a scanner reads exactly what UsingQR says, or there is no code."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
import segno
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter, ImageOps

from punktlig.core.invoice import AccountKind, PaymentAccount
from punktlig.core.money import Money
from punktlig.formats.usingqr import usingqr_text
from punktlig.letters.payment_code import payment_code, qr_code
from tests.core.letter.cases import CASES
from tests.letters.paper import glyphs, scanned
from tests.letters.stretched import ABROAD, LONG_OCR, ORDINARY

if TYPE_CHECKING:
    from punktlig.core.letter.content import LetterContent, QrPayment
    from punktlig.letters.renderer import Renderer


def said(payment: QrPayment) -> str:
    """Return what UsingQR says of a payment."""
    kind = {"BG": AccountKind.BANKGIRO, "PG": AccountKind.PLUSGIRO}[payment.account_kind]
    return usingqr_text(
        payee=payment.payee,
        identity_number=payment.organisation_number,
        reference=payment.reference,
        due_date=payment.due_date,
        amount=Money.parse(payment.amount),
        account=PaymentAccount(kind=kind, number=payment.account),
    )


def paid(**changes: object) -> LetterContent:
    """Return the ordinary letter with another payment in its code."""
    assert ORDINARY.payment.qr is not None
    return replace(
        ORDINARY,
        payment=replace(ORDINARY.payment, qr=replace(ORDINARY.payment.qr, **changes)),  # type: ignore[arg-type] # fields are named by the caller
    )


# What each version holds at level M, to 14: such a code has no padding, which every encoder fills in its own way.
_FULL = (14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362)


@pytest.mark.parametrize("length", _FULL)
def test_a_full_code_of_each_size_is_the_one_that_another_encoder_draws(length: int) -> None:
    data = ("Åsa Öhman & Änglaträd, " * 20).encode()[:length]
    other = segno.make(data, mode="byte", error="m", boost_error=False, mask=2, micro=False)
    assert [[module == 0 for module in row] for row in qr_code(data)] == [[*map(bool, row)] for row in other.matrix]


@given(data=st.binary(min_size=1, max_size=362))
@settings(max_examples=60, deadline=None)
def test_a_scanner_reads_the_bytes_of_a_code_of_any_length(data: bytes) -> None:
    rows = qr_code(data)
    drawn = Image.frombytes("L", (len(rows), len(rows)), b"".join(rows))
    framed = ImageOps.expand(drawn.resize((len(rows) * 4, len(rows) * 4), Image.Resampling.NEAREST), 16, 255)
    assert [code.bytes for code in zxingcpp.read_barcodes(framed)] == [data]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.content().payment.qr])
def test_a_scanner_reads_the_payment_from_the_page(name: str, renderer: Renderer) -> None:
    content = CASES[name].content()
    assert content.payment.qr is not None
    assert scanned(renderer.png(content)) == [said(content.payment.qr)]


@pytest.mark.parametrize(
    "changes",
    [
        {"payee": "Åsbräckans Öl & Ägg i Växjö HB"},
        {"payee": 'Citat "och" \\ bakstreck AB'},
        {"payee": "Ω Cyrillic Жук é"},
        {"amount": "0.01"},
        {"amount": "99999999.99"},
        {"reference": LONG_OCR},
        {"account_kind": "PG", "account": "28 65 43-4"},
        {"due_date": date(2028, 2, 29)},
        {"payee": "Föreningen för främjande av väl avvägda brädor i Norrland, " * 2},
    ],
    ids=str,
)
def test_a_scanner_reads_swedish_letters_and_every_amount(changes: dict[str, object], renderer: Renderer) -> None:
    content = paid(**changes)
    assert content.payment.qr is not None
    assert scanned(renderer.png(content, ppi=150)) == [said(content.payment.qr)]


@settings(max_examples=25, deadline=None)
@given(reference=st.text("0123456789", min_size=2, max_size=25), ore=st.integers(1, 99_999_999_99))
def test_a_poor_picture_of_the_code_can_still_be_read(reference: str, ore: int, renderer: Renderer) -> None:
    content = paid(reference=reference, amount=str(Money(ore)))
    assert content.payment.qr is not None
    (page,) = renderer.png(content, ppi=150)
    photographed = Image.open(BytesIO(page)).convert("L").rotate(4, fillcolor=255).filter(ImageFilter.GaussianBlur(1.2))
    assert [code.text for code in zxingcpp.read_barcodes(photographed)] == [said(content.payment.qr)]


@pytest.mark.parametrize(
    "changes",
    [
        {"organisation_number": "559870-2148"},
        {"account": "5050-1054"},
        {"amount": "0.00"},
        {"reference": " "},
        {"payee": ""},
        {"payee": "Ekviken " * 60},
        {"payee": "Ekviken " * 600},
    ],
    ids=[
        "organisation number",
        "bankgiro",
        "nothing to pay",
        "no reference",
        "no payee",
        "too much to scan",
        "too much for any code",
    ],
)
def test_where_no_right_code_can_be_made_the_letter_has_none_and_no_caption(
    changes: dict[str, object], renderer: Renderer
) -> None:
    content = paid(**changes)
    assert scanned(renderer.png(content)) == []
    read = "".join(each.character for each in glyphs(renderer.pdf(content)))
    assert content.payment.qr_caption.replace(" ", "") not in read
    assert content.payment.fields[1].value in read


def test_a_letter_abroad_has_no_code(renderer: Renderer) -> None:
    assert payment_code(ABROAD.payment.qr) == ""
    assert scanned(renderer.png(ABROAD)) == []
