"""The payment code on the letter: a UsingQR text drawn as a QR code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import zxingcpp

from punktlig.core.invoice import AccountKind, PaymentAccount
from punktlig.core.money import Money
from punktlig.core.refusal import Refusal
from punktlig.formats.usingqr import usingqr_text

if TYPE_CHECKING:
    from punktlig.core.letter.content import QrPayment

_ACCOUNT_KINDS = {"BG": AccountKind.BANKGIRO, "PG": AccountKind.PLUSGIRO}

_BORDER = 4
_MASK = 2
# The bytes as they are. zxing-cpp would otherwise name a character set in the code, which few bank apps look at.
_NO_CHARACTER_SET = -1

# What version 14 holds at level M. Beyond it the modules would be smaller than 0.4 mm in the 32 mm that the letter has,
# which cheap printers and cameras no longer keep apart.
_MOST_BYTES = 362
_LONGEST_STEP = 5
_DARK_AND_LIGHT = bytes.maketrans(b"\x00\xff", b"#.")


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
    # In UTF-8: a scanner that is told no character set may take Latin-1 for another and read å, ä and ö wrong.
    data = text.encode()
    return _drawn(qr_code(data)) if len(data) <= _MOST_BYTES else ""


def qr_code(data: bytes) -> tuple[bytes, ...]:
    """Return the rows of a QR code of level M, without border: a byte for each module, 0 for dark and 255 for light.

    Any of the eight masks reads alike, since the code names its own; trying all of them takes ten times as long.
    """
    code = zxingcpp.create_barcode(
        data, zxingcpp.BarcodeFormat.QRCode, ec_level="M", data_mask=_MASK, eci=_NO_CHARACTER_SET
    )
    picture = code.to_image(scale=1, add_quiet_zones=False)
    size, modules = picture.shape[0], bytes(picture)
    return tuple(modules[start : start + size] for start in range(0, size * size, size))


def _drawn(modules: tuple[bytes, ...]) -> str:
    """Return the modules as one path: a stroke for each run of dark ones, row by row, and a step over the light ones.

    Runs are written by replacing the longest first, which is much faster than looking at one after the other. The few
    that are longer still go on in a second step of the same stroke. The view begins where the first module's middle has
    the place 0 0, so that the file, which gives each end of a stroke its place, has whole and short numbers.
    """
    size = len(modules)
    path = b"/".join(modules).translate(_DARK_AND_LIGHT).decode()
    for length in range(_LONGEST_STEP, 0, -1):
        path = path.replace("#" * length, f"h{length}").replace("." * length, f"m{length} 0")
    path = path.replace("/", f"m-{size} 1")
    side = size + 2 * _BORDER
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}"'
        f' viewBox="-{_BORDER} -{_BORDER}.5 {side} {side}"><path stroke="#000" d="M0 0{path}"/></svg>'
    )
