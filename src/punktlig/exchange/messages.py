"""What the two sites say to each other. The contract; `docs/api.md` tells it to developers of other programs.

A message that asks for something (a claim, a command, an activation) is stored by its sender as the exact bytes of
`body_of` with their SHA-256, before it is sent; the same bytes are sent at every attempt, and the receiver keeps them.

What is asked is read strictly. What is told may come from an agency that is newer than its reader: unknown fields are
passed over, and a word out of a list that may grow is read as text when it is not on the list.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from operator import not_
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, Field, ValidationInfo, field_validator

from punktlig.exchange.types import (
    Amount,
    Asked,
    CountryCode,
    CurrencyCode,
    Day,
    EmailAddress,
    InvoiceAmount,
    Key,
    Line,
    Message,
    Moment,
    Name,
    Number,
    Percent,
    PositiveAmount,
    ShortNumber,
    Telephone,
    Told,
    Word,
)

if TYPE_CHECKING:
    from uuid import UUID

Language = Literal["sv", "en"]

# Of a list that may grow: one of the known, and only else a word.
_GROWING = Field(union_mode="left_to_right")

MOST_CLAIMS_AT_ONCE = 1000


class Sent(BaseModel):
    """The exact bytes of a message and their SHA-256 in hexadecimal."""

    body: bytes
    sha256: str


def body_of(message: Message) -> Sent:
    """Return the message as compact UTF-8 JSON without line feeds, and its hash."""
    body = message.model_dump_json(exclude_none=True).encode()
    return Sent(body=body, sha256=sha256_of(body))


def sha256_of(body: bytes) -> str:
    """Return the hash by which both sides know that they mean the same bytes."""
    return hashlib.sha256(body).hexdigest()


# ---- Activation ---------------------------------------------------------------------------------------------------


class Address(Asked):
    """A postal address; `country` is an ISO 3166-1 alpha-2 code."""

    lines: Annotated[tuple[Line, ...], Field(max_length=6)] = ()
    postcode: Line = ""
    town: Line = ""
    country: CountryCode | Literal[""] = "SE"


class Account(Asked):
    """Where the agency pays the creditor its money."""

    kind: Literal["bankgiro", "plusgiro", "iban"]
    number: Annotated[Number, Field(max_length=40)]


class Activation(Asked):
    """A company asks the agency to take its overdue invoices: `PUT /api/v1/creditors/{company_id}`.

    Repeating it with other facts changes the agreement from then on; claims already accepted keep their own terms.
    `told_at` is when facts that need no new acceptance were changed, such as an address: of two messages the one that
    was told or accepted last counts.
    """

    company_id: Key
    name: Name
    organisation_number: ShortNumber
    address: Address
    contact_name: Name
    contact_email: EmailAddress
    contact_telephone: Telephone = ""
    account: Account
    terms_version: ShortNumber
    accepted_by: Name
    accepted_at: Moment
    told_at: Moment | None = None


class Letterhead(Told):
    """Who the agency is, as its letters say it: the fields of `core.agency.Agency`.

    With it the creditor's program can show a letter as it will look before an invoice is handed over.
    """

    name: Name
    brand: Name
    organisation_number: Number
    address: Line
    postcode: Line
    town: Line
    telephone: Line
    hours: Line
    email: Line
    bankgiro: Line
    iban: Line
    bic: Line
    seat: Line
    website: Line = ""
    approved_for_f_tax: bool = True
    permit: Line = ""


class Activated(Told):
    """The agency's answer to an activation."""

    company_id: Key
    creditor_id: Key
    agency_name: Name
    portal_url: Line
    letterhead: Letterhead | None = None


# ---- Claims -------------------------------------------------------------------------------------------------------


class SubmittedLine(Asked):
    """One line of the invoice; `amount` is without VAT."""

    text: Line
    quantity: Annotated[str, Field(pattern=r"^-?\d{1,12}(\.\d{1,10})?$")] | None = None
    unit: Line = ""
    amount: InvoiceAmount | None = None
    period_start: Day | None = None
    period_end: Day | None = None


class SubmittedInvoice(Asked):
    """The invoice as the creditor holds it; `payable` is what it asks for after `prepaid`."""

    number: Number
    issue_date: Day | None = None
    due_date: Day | None = None
    currency: CurrencyCode
    payable: InvoiceAmount
    total: InvoiceAmount | None = None
    prepaid: InvoiceAmount | None = None
    tax: InvoiceAmount | None = None
    lines: Annotated[tuple[SubmittedLine, ...], Field(max_length=500)] = ()
    deduction: Literal["rot", "rut", "green"] | None = None
    customer_share: InvoiceAmount | None = None
    customer_share_confirmed: bool = False


class SubmittedDebtor(Asked):
    """Who owes the debt. `kind` is left out when the identity number tells it."""

    name: Name
    kind: Literal["consumer", "trader", "public"] | None = None
    identity_number: Line = ""
    vat_number: Line = ""
    address: Address
    email: Line = ""
    language: Language = "sv"
    identity_is_protected: bool = False


class SubmittedTerms(Asked):
    """What the creditor's terms say about this invoice.

    `start` is what interest starts from: `agreed` (the due date was agreed; it moves to the next bank day),
    `contract` (the contract names the day, which stands as it is) or `after-demand` (30 days after `demand_sent`; from
    a consumer only when that had `warned_of_interest`). `reminder_fee_agreed_since` is the day from which the terms
    have a reminder fee; without it there is none. `claims_compensation` asks a trader or a public body for 450 kr.

    A consumer outside Sweden is asked for neither fee nor interest unless `charges_consumers_abroad`: then both follow
    what is said here, as of a consumer in Sweden.
    """

    start: Literal["agreed", "after-demand", "contract"]
    demand_sent: Day | None = None
    warned_of_interest: bool = False
    reminder_fee_agreed_since: Day | None = None
    claims_compensation: bool = False
    # Written only when it is so: an agency that is older than the field refuses what it does not know.
    charges_consumers_abroad: Annotated[bool, Field(exclude_if=not_)] = False


class SubmittedPayment(Asked):
    """Money or credit that the creditor booked before the handover; its id is the creditor's own and never changes."""

    id: Key
    kind: Literal["payment", "credit_note"]
    day: Day
    amount: PositiveAmount


class ClaimSubmission(Asked):
    """An invoice handed over: `PUT /api/v1/claims/{handover_id}`, or a line of `POST /api/v1/claims`."""

    handover_id: Key
    company_id: Key
    invoice_id: Key
    invoice: SubmittedInvoice
    debtor: SubmittedDebtor
    terms: SubmittedTerms
    payments: Annotated[tuple[SubmittedPayment, ...], Field(max_length=200)] = ()
    debt_text: Line = ""


class ClaimStatus(StrEnum):
    """Where a claim stands, in the order of the road."""

    RECEIVED = "received"
    REMINDER_ISSUED = "reminder_issued"
    REMINDER_SENT = "reminder_sent"
    PAID = "paid"
    CLOSED = "closed"
    NEEDS_PERSON = "needs_person"


class NextEvent(StrEnum):
    """What happens next with a claim if nothing comes between."""

    REMINDER_IS_ISSUED = "reminder_is_issued"
    CORRECTION_IS_ISSUED = "correction_is_issued"
    REMINDER_LEAVES = "reminder_leaves"
    LAST_DAY_TO_PAY = "last_day_to_pay"
    CREDITOR_DECIDES = "creditor_decides"


class ClaimSummary(Told):
    """The whole state of a claim. Of two summaries the one with the higher `sequence` counts, whatever came first.

    `balance` is what is owed on `balance_day`, interest and fees included; None when it cannot be computed, as when no
    reference rate is known yet.
    """

    sequence: int
    status: Annotated[ClaimStatus | Word, _GROWING]
    balance: Amount | None
    balance_day: Day
    next_event: Annotated[NextEvent | Word, _GROWING] | None = None
    next_event_day: Day | None = None


class ClaimAnswer(Told):
    """A claim exists for this handover. `sha256` is of the bytes it was made from."""

    claim_id: Key
    claim_number: Number
    handover_id: Key
    invoice_id: Key
    sha256: str
    portal_url: Line
    summary: ClaimSummary


class LineAnswer(Told):
    """The answer to one line of a `POST /api/v1/claims`: the status a single PUT would have had, and its body.

    Lines are answered in their order; `line` counts from 1. A line that could not be read has no handover id.
    """

    line: int
    handover_id: Key | None
    status: int
    claim: ClaimAnswer | None = None
    problem: Problem | None = None


# ---- Commands -----------------------------------------------------------------------------------------------------


class ClaimCommand(Asked):
    """Something the creditor wants done with a claim: `PUT /api/v1/commands/{command_id}`.

    A `payment` or `credit_note` lowers the claim from `day`. A `reversal` takes back a payment that was booked by
    mistake, the one whose command id is `reverses`, of the same amount: from then on it has never counted, and a claim
    that ended by it goes on. The answer says how far the command has come; an event with its id confirms or refuses it.
    """

    command_id: Key
    company_id: Key
    handover_id: Key
    kind: Literal["payment", "credit_note", "reversal"]
    day: Day
    amount: PositiveAmount
    reference: Line = ""
    reverses: Annotated[Key | None, Field(validate_default=True)] = None

    @field_validator("reverses")
    @classmethod
    def _is_of_a_reversal(cls, reverses: UUID | None, told: ValidationInfo) -> UUID | None:
        if "kind" in told.data and (told.data["kind"] == "reversal") != (reverses is not None):
            raise ValueError("a reversal names here the payment that it takes back, and nothing else does")
        return reverses


class CommandAnswer(Told):
    """The agency has the command; `state` is `confirmed` when it has been carried out."""

    command_id: Key
    sha256: str
    state: Annotated[Literal["requested", "confirmed", "refused"] | Word, _GROWING]


# ---- Events -------------------------------------------------------------------------------------------------------


class EventKind(StrEnum):
    """What happened to a claim. Names are in the past and never change."""

    CLAIM_RECEIVED = "claim_received"
    PAYMENT_CONFIRMED = "payment_confirmed"
    CREDIT_NOTE_CONFIRMED = "credit_note_confirmed"
    PAYMENT_REVERSED = "payment_reversed"
    COMMAND_REFUSED = "command_refused"
    REMINDER_ISSUED = "reminder_issued"
    REMINDER_SENT = "reminder_sent"
    REMINDER_STOPPED = "reminder_stopped"
    LETTER_REFUSED = "letter_refused"
    FEE_REVERSED = "fee_reversed"
    BALANCE_CORRECTED = "balance_corrected"
    LAST_DAY_PASSED = "last_day_passed"
    ADDRESS_CHANGED = "address_changed"
    PERSON_NEEDED = "person_needed"
    PERSON_ANSWERED = "person_answered"
    CLAIM_PAID = "claim_paid"
    CLAIM_CLOSED = "claim_closed"


class ClaimEvent(Told):
    """Something that happened to a claim. `facts` are texts by name: amounts in SEK, days in ISO 8601.

    An event that confirms or refuses a command has the command's id as `command_id` among its facts, and a refusal its
    `code`.
    """

    id: Key
    kind: Annotated[EventKind | Word, _GROWING]
    at: Moment
    actor: Line
    company_id: Key
    invoice_id: Key
    handover_id: Key
    claim_id: Key
    claim_number: Number
    facts: dict[Line, Line] = Field(default_factory=dict)
    summary: ClaimSummary


class EventPage(Told):
    """Events after a cursor, oldest first. Ask again with `cursor` until `more` is false; nothing is ever skipped."""

    events: tuple[ClaimEvent, ...]
    cursor: str
    more: bool


class Notice(Told):
    """The body of a webhook: the events themselves, at most 1,000 consecutive ones of the platform's feed."""

    type: Literal["claims.events"] = "claims.events"
    timestamp: Moment
    events: tuple[ClaimEvent, ...]


# ---- Reference rates ------------------------------------------------------------------------------------------------


class KnownRate(Told):
    """The Riksbank's reference rate, in per cent a year, from `valid_from` to the end of that half-year.

    `source` says where it was read. A rate that has been told changes only when it was wrong.
    """

    valid_from: Day
    percent: Percent
    source: Line


class KnownRates(Told):
    """Every reference rate that the agency reckons with, oldest first, one for each half-year without a gap."""

    rates: tuple[KnownRate, ...]


# ---- Refusals -----------------------------------------------------------------------------------------------------


class FieldProblem(Told):
    """What is wrong with one field; `pointer` is a JSON pointer into the body."""

    pointer: str
    detail: str


class Problem(Told):
    """A problem document (RFC 9457). `code` is stable and documented; `facts` are the facts of a refusal as text.

    Only `type` ending in `/claim-refused` (or `/command-refused`) is a refusal, answered the same for ever. Everything
    else is unknown to the one who asked: the same bytes are to be sent again.
    """

    type: str
    title: str
    status: int
    detail: str = ""
    code: str
    facts: dict[Line, Line] = Field(default_factory=dict)
    errors: tuple[FieldProblem, ...] = ()
    claim_number: str | None = None
    sha256: str | None = None


LineAnswer.model_rebuild()
