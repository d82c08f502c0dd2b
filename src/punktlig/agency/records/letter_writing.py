"""Writing letters: their content from a decided reminder; their rows, the step and the charge, and how they leave."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from pydantic_core import to_json

from punktlig.agency.records.claim import Step
from punktlig.agency.records.journal import Account, EntryKind
from punktlig.agency.records.letter import Delivery, DeliveryState
from punktlig.core.letter.compose import Corrected, compose
from punktlig.core.plain_values import plain_value
from punktlig.formats.ocr import ocr_reference
from punktlig.tenancy.mass_rows import SharedRows, insert_rows, run_over

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from punktlig.agency.records.claim import Claim
    from punktlig.agency.records.claim_facts import StoredFacts
    from punktlig.agency.records.creditor import Creditor
    from punktlig.agency.records.letter import Letter
    from punktlig.core.agency import Agency
    from punktlig.core.money import Money
    from punktlig.core.reminder import Reminder

# One row for each letter, from which the rows of six tables are made. Ids that are given here lie in their order;
# random ones took a sixth of the database's time of all that is stored.
_TYPES = {
    "letter_id": "uuid", "claim_id": "uuid", "step_id": "uuid", "takes_step": "boolean", "credit_id": "uuid",
    "edition": "integer", "last_day_to_pay": "date", "total_ore": "bigint", "interest_ore": "bigint",
    "charge_ore": "bigint", "commands_counted": "integer", "template": "text", "content": "text",
    "content_sha256": "text", "email": "text", "entry_kind": "text",
}  # fmt: skip
# The steps before anything else: a step that was taken already is a duplicate key, and all is undone.
_TAKE_STEPS = """
INSERT INTO agency_claim_step (id, creditor_id, claim_id, step, taken_at)
SELECT step_id, %s, claim_id, %s, %s FROM {rows} WHERE takes_step
"""
_ADD_LETTERS = """
INSERT INTO agency_letter (id, creditor_id, claim_id, step_id, edition, day, last_day_to_pay, total_ore, interest_ore,
    charge_ore, commands_counted, template, content, content_sha256, pdf_sha256, made_at)
SELECT letter_id, %s, claim_id, step_id, edition, %s, last_day_to_pay, total_ore, interest_ore,
    charge_ore, commands_counted, template, content, content_sha256, '', %s FROM {rows}
"""
# The first delivery of a letter has the letter's id.
_QUEUE_LETTERS = """
INSERT INTO agency_delivery (id, creditor_id, letter_id, gateway, recipient, state, attempts, next_try_at, evidence)
SELECT letter_id, %s, letter_id, CASE email WHEN '' THEN 'print' ELSE 'email' END, email, %s, 0, %s, '{}'
FROM {rows}
"""
# The entry of a letter's charge has the letter's id, and so has its debit.
_ADD_ENTRIES = """
INSERT INTO agency_journal_entry (id, creditor_id, claim_id, kind, day, booked_at, source_id)
SELECT letter_id, %s, claim_id, entry_kind, %s, %s, letter_id FROM {rows} WHERE entry_kind <> ''
"""
_ADD_POSTINGS = """
INSERT INTO agency_posting (id, creditor_id, entry_id, claim_id, account, amount_ore)
SELECT CASE side.sign WHEN 1 THEN letter_id ELSE credit_id END, %s, letter_id, claim_id, side.account,
    side.sign * charge_ore
FROM {rows} CROSS JOIN (VALUES (%s, 1), (%s, -1)) AS side (account, sign) WHERE entry_kind <> ''
"""
_DELIVERY_COLUMNS = (
    "id", "creditor_id", "letter_id", "gateway", "recipient", "state", "attempts", "next_try_at", "evidence",
)  # fmt: skip


@plain_value(kw_only=True)
class NewLetter:
    """A letter to write. `content` is its stored form, `email` the debtor's address when it is to go that way.

    `replaces` is whether it is a later edition of a step that was taken before, `corrects` the date of the letter that
    has left and that it corrects, if any, and `books` the kind of entry that books its charge now, if any, with
    `credit_id` for its credit. It holds plain values and not the reminder itself, whose many parts would otherwise
    live, and be looked through for garbage, until the whole chunk is done.
    """

    id: UUID
    claim: Claim
    step_id: UUID
    credit_id: UUID
    replaces: bool
    edition: int
    commands_counted: int
    last_day_to_pay: date
    unpaid: Money
    interest: Money
    charge: Money
    total: Money
    books: EntryKind | None
    template: str
    content: bytes
    email: str
    corrects: date | None = None


@dataclass(frozen=True, slots=True)
class Replaced:
    """The letter that a new one takes the place of, and whether its charge stands and is not made again."""

    step_id: UUID
    edition: int
    charge_stands: bool


def write_letter(
    creditor: Creditor,
    claim: Claim,
    stored: StoredFacts,
    reminder: Reminder,
    *,
    ids: tuple[UUID, UUID],
    sender: Agency,
    commands_counted: int,
    replaced: Replaced | None = None,
    corrects: Corrected | None = None,
) -> NewLetter:
    """Return the letter of a decided reminder, of a new step unless it replaces another; `ids` are new, for both.

    `commands_counted` is how many of the claim's payments and credit notes came as commands; `corrects` are the letters
    that have left and that this one corrects.

    Raises:
        LetterFactMissing or AddressIncomplete: the letter would lack what it must say.
    """
    letter_id, step_id = ids
    content = compose(
        reminder,
        sender,
        case_number=claim.number,
        payment_reference=ocr_reference(claim.number),
        debt_text=stored.debt_text,
        language=stored.language,
        corrected=corrects,
    )
    return NewLetter(
        id=letter_id,
        claim=claim,
        step_id=replaced.step_id if replaced else step_id,
        credit_id=step_id,
        replaces=replaced is not None,
        edition=replaced.edition + 1 if replaced else 1,
        commands_counted=commands_counted,
        last_day_to_pay=reminder.last_day_to_pay,
        unpaid=reminder.unpaid,
        interest=reminder.interest_amount,
        charge=reminder.charge_amount,
        total=reminder.total,
        books=None if replaced and replaced.charge_stands else _entry_kind(reminder),
        template=content.template,
        # The same bytes as `LetterContent.to_json`, at a tenth of the time.
        content=to_json(content),
        email=stored.email if _goes_by_email(creditor, stored.email) else "",
        corrects=corrects.letter_date if corrects else None,
    )


def _goes_by_email(creditor: Creditor, address: str) -> bool:
    """Tell whether a letter to the address leaves by e-mail; one to what is no address goes on paper."""
    if not (address and creditor.sends_by_email and settings.EMAIL_GATEWAY != "none"):
        return False
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True


def _entry_kind(reminder: Reminder) -> EntryKind | None:
    if not reminder.charge_amount:
        return None
    return EntryKind.COMPENSATION if reminder.facts.terms.claims_compensation else EntryKind.REMINDER_FEE


def store_letters(creditor: Creditor, letters: Sequence[NewLetter], *, today: date, at: datetime) -> None:
    """Store the letters of today: the step, the letter, its way to leave, and the entry of its charge."""
    if not letters:
        return
    run_over(
        SharedRows(_TYPES, [_row(letter) for letter in letters]),
        (_TAKE_STEPS, [creditor.id, Step.REMINDER.value, at]),
        (_ADD_LETTERS, [creditor.id, today, at]),
        (_QUEUE_LETTERS, [creditor.id, DeliveryState.QUEUED.value, at]),
        (_ADD_ENTRIES, [creditor.id, today, at]),
        (_ADD_POSTINGS, [creditor.id, Account.FEES_OWED.value, Account.FEE_INCOME.value]),
    )


def _row(letter: NewLetter) -> tuple[object, ...]:
    """Return the values of `_TYPES`."""
    return (
        letter.id,
        letter.claim.id,
        letter.step_id,
        not letter.replaces,
        letter.credit_id,
        letter.edition,
        letter.last_day_to_pay,
        letter.total.ore,
        letter.interest.ore,
        letter.charge.ore,
        letter.commands_counted,
        letter.template,
        letter.content.decode(),
        hashlib.sha256(letter.content).hexdigest(),
        letter.email,
        letter.books.value if letter.books else "",
    )


def not_reached_by_email(creditor: Creditor, letters: Sequence[Letter]) -> set[UUID]:
    """Return the letters that go on paper since e-mail got no edition of them there; so does the next one."""
    refused = Delivery.objects.filter(
        creditor=creditor,
        letter__claim__in=[letter.claim_id for letter in letters],
        gateway="email",
        state=DeliveryState.REFUSED,
    )
    claims = set(refused.values_list("letter__claim", flat=True))
    return {letter.id for letter in letters if letter.claim_id in claims}


def queue_deliveries(creditor: Creditor, ways: Sequence[tuple[UUID, str, str]], *, at: datetime) -> None:
    """Queue letters by id, each with its gateway and the recipient's address there."""
    insert_rows(
        Delivery,
        _DELIVERY_COLUMNS,
        [
            (uuid4(), creditor.id, letter_id, gateway, recipient, DeliveryState.QUEUED.value, 0, at, "{}")
            for letter_id, gateway, recipient in ways
        ],
    )
