"""The payment code on the letter: a UsingQR text drawn as a QR code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import segno

from punktlig.core.invoice import AccountKind, PaymentAccount
from punktlig.core.money import Money
from punktlig.core.refusal import Refusal
from punktlig.formats.usingqr import usingqr_text

if TYPE_CHECKING:
    from punktlig.core.letter.content import QrPayment

_ACCOUNT_KINDS = {"BG": AccountKind.BANKGIRO, "PG": AccountKind.PLUSGIRO}

# Any of the eight masks reads alike: the code names its mask. Choosing the most even of them costs more time than all
# the rest of the letter, so the chessboard is always taken; it keeps dark and light areas small in texts like ours.
_CHESSBOARD = 0

# Version 14 at level M. A longer text would need modules smaller than 0.4 mm in the 32 mm that the letter has, which
# cheap printers and cameras no longer keep apart.
_ROOM = 362

_BORDER = 4
_DARK = re.compile(rb"\x01+")


def payment_code(payment: QrPayment | None) -> str:
    """Return the code as SVG, with the white border that belongs to it, or nothing where no right code can be made.

    The letter says in words all that the code says. So where UsingQR refuses (no giro, a wrong number, nothing to pay)
    or the text is too long to be scanned, the letter goes without a code and without its caption: a missing code is a
    small inconvenience, a wrong one is a payment gone astray.
    """
    if payment is None:
        return ""
    try:
        text = usingqr_text(
            payee=payment.payee,
            identity_number=payment.organisation_number,
            reference=payment.reference,
            due_date=payment.due_date,
            amount=Money.parse(payment.amount),
            account=PaymentAccount(kind=_ACCOUNT_KINDS[payment.account_kind], number=payment.account),
        )
    except Refusal:
        return ""
    return _drawn(text) if len(text.encode()) <= _ROOM else ""


def _drawn(text: str) -> str:
    # UTF-8 must be asked for: scanners take the default, Latin-1, for something else and read å, ä and ö wrong.
    code = segno.make(text, encoding="utf-8", error="m", micro=False, boost_error=False, mask=_CHESSBOARD)
    size = len(code.matrix) + 2 * _BORDER
    # One stroke through the middle of each run of dark modules, from left to right, row by row.
    strokes: list[str] = []
    for y, row in enumerate(code.matrix, _BORDER):
        strokes.extend(f"M{run.start() + _BORDER} {y}.5h{run.end() - run.start()}" for run in _DARK.finditer(row))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}">'
        f'<path stroke="#000" d="{"".join(strokes)}"/></svg>'
    )
