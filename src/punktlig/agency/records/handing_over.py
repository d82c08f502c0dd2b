"""What passes between the deliveries we keep and the gateways: plain values, no rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

type Way = Literal["print", "email"]

# Code of a refusal that says nothing of the letter or of earlier attempts: e-mail has been switched off here.
NO_EMAIL = "email_not_sent_here"
# Why a letter goes another way, when a person has found out that it did not leave.
DID_NOT_LEAVE = "letter_did_not_leave"
# A payment, a credit note or a decision came after the letter had been taken and before it left.
OVERTAKEN = "letter_overtaken"
# The letter was taken, and nobody was told of it before the connection broke or those before it had taken too long.
NOT_OFFERED = "letter_not_offered"
# The same where the server accepted none before it, as one that is away does.
NONE_ACCEPTED = "email_none_accepted"


class Verdict(StrEnum):
    """What became of a letter given to a gateway.

    `UNKNOWN` may have left and is tried again as the same letter; `NOT_YET` has surely not left. `REFUSED` does not
    reach the debtor this way.
    """

    ACCEPTED = "accepted"
    REFUSED = "refused"
    NOT_YET = "not_yet"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLetter:
    """A letter that is to be handed over now. `content` is its stored form; `recipient` an e-mail address or nothing.

    `postcode`, `town` and `country` are the debtor's, for the printer's index; the lines of the window are in the
    content. `commands_known` is how many payments and credit notes had come as commands when it was taken.
    """

    delivery_id: UUID
    letter_id: UUID
    claim_number: str
    content: str
    recipient: str
    postcode: str = ""
    town: str = ""
    country: str = ""
    commands_known: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnLetter:
    """A due letter as its PDF of so many pages."""

    due: DueLetter
    pdf: bytes
    pages: int
    sha256: str

    @property
    def sheets(self) -> int:
        """How many sheets of paper, printed on both sides."""
        return -(-self.pages // 2)


@dataclass(frozen=True, slots=True)
class Caught:
    """An e-mail that was caught instead of sent: its bytes as they would have gone."""

    subject: str
    message: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A gateway's answer for one delivery. `evidence` is kept with it.

    `pdf_sha256` and `pages` are of the letter as it was drawn. `code` names a refusal or problem. `for_good` says that
    no other way would help, as when the letter cannot be drawn.
    """

    delivery_id: UUID
    verdict: Verdict
    evidence: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    for_good: bool = False
    pdf_sha256: str = ""
    pages: int | None = None
    caught: Caught | None = None
