"""The content of a reminder letter, from a decided reminder.

Nothing is decided here that the law decides: every amount and day comes from the `Reminder`. What is decided is what to
say, in which order, and what to leave out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from punktlig.core.addressee import AddressIncomplete
from punktlig.core.due import Start
from punktlig.core.identity import IdentityKind, NotAnIdentityNumber, read_identity_number
from punktlig.core.letter.content import Labelled, LetterContent, PaymentBox, QrPayment, Run
from punktlig.core.letter.details import write_details
from punktlig.core.letter.draft import Draft
from punktlig.core.letter.english import English
from punktlig.core.letter.plain_text import plain_text, without_personal_numbers
from punktlig.core.letter.sums import write_sums
from punktlig.core.letter.swedish import Swedish
from punktlig.core.letter.words import was_demanded_later
from punktlig.core.parties import DebtorKind
from punktlig.core.plain_values import plain_value
from punktlig.core.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from punktlig.core.agency import Agency
    from punktlig.core.formatting import Language
    from punktlig.core.letter.words import Words
    from punktlig.core.reminder import Reminder
    from punktlig.core.statutes.fees import ChargeKind

_ENGLISH = English()
_SWEDISH = {plural: Swedish(plural=plural) for plural in (False, True)}


@plain_value()
class Corrected:
    """What a letter corrects: the date of the last one that has left, and of the one that the charge is made for."""

    letter_date: date
    charged_on: date


@dataclass(eq=False)
class LetterFactMissing(Refusal):
    """Nothing that can be seen stands where the invoice has a name or its number.

    `missing` holds `creditor_name` or `invoice_number`.
    """

    missing: tuple[str, ...]


def compose(
    reminder: Reminder,
    agency: Agency,
    *,
    case_number: str,
    payment_reference: str,
    debt_text: str = "",
    language: Language = "sv",
    corrected: Corrected | None = None,
) -> LetterContent:
    """Return everything the letter says.

    `case_number` and `payment_reference` are digits as they are printed. `debt_text` is what the debt is for in the
    creditor's words, such as `byte av hängrännor`; without it the invoice's own lines tell it. `corrected` is what the
    debtor has been told before that is no longer so.

    Raises:
        LetterFactMissing: nothing visible is left of the creditor's name or the invoice's number.
        AddressIncomplete: nothing visible is left of the debtor's name.
    """
    words = words_for(reminder, language)
    today = reminder.facts.today
    draft = Draft(
        reminder=reminder,
        agency=agency,
        words=words,
        creditor=_creditor_name(reminder.facts.invoice.seller.name, today),
        number=plain_text(reminder.facts.invoice.number),
        debt_text=without_personal_numbers(plain_text(debt_text), today=today).rstrip(" .,;:"),
        case_number=case_number,
        payment_reference=payment_reference,
    )
    _refuse_unnamed(draft)
    heading = words.heading(draft.number, draft.creditor)
    before, amount_and_day, after = words.lead(reminder, draft.number, draft.creditor, draft.debt_text)
    return LetterContent(
        language=language,
        date=today,
        author=agency.name,
        wordmark=agency.brand,
        title=" ".join(heading),
        recipient=_recipient(draft),
        facts=tuple(_facts(draft)),
        heading=heading,
        lead=((Run(before), Run(amount_and_day, strong=True), Run(after)), *_correction(draft, corrected)),
        sums=write_sums(draft),
        payment=_payment(draft),
        help=_help(words, reminder.charge_kind, corrected.charged_on if corrected else today, draft.creditor),
        contact=words.contact(agency, case_number),
        otherwise=words.otherwise(reminder.last_day_to_pay),
        details=write_details(draft),
        running=words.running(heading[0], case_number),
        footer=_footer(words, agency),
        page_words=words.page_words,
        see_details=words.see_details,
    )


def _correction(draft: Draft, corrected: Corrected | None) -> tuple[tuple[Run, ...], ...]:
    """Return the paragraph that says which letter no longer holds, and why."""
    if corrected is None:
        return ()
    return ((Run(draft.words.correction(corrected.letter_date, draft.reminder.charge_kind)),),)


def _refuse_unnamed(draft: Draft) -> None:
    told = (("creditor_name", draft.creditor), ("invoice_number", draft.number))
    missing = tuple(name for name, value in told if not value)
    if missing:
        raise LetterFactMissing(missing)


def words_for(reminder: Reminder, language: Language) -> Words:
    """Return the words of the language in the form of address that suits the debtor."""
    if language == "en":
        return _ENGLISH
    return _SWEDISH[reminder.debtor.kind is not DebtorKind.CONSUMER]


# The letters of a day say the same in all of these, but for a few creditors and two forms of address.
@lru_cache(maxsize=256)
def _creditor_name(written: str, today: date) -> str:
    return without_personal_numbers(plain_text(written), today=today)


@lru_cache(maxsize=256)
def _help(words: Words, charge: ChargeKind | None, charged_on: date, creditor: str) -> tuple[Labelled, ...]:
    return words.help(charge, charged_on, creditor)


@lru_cache(maxsize=16)
def _footer(words: Words, agency: Agency) -> tuple[tuple[str, str], ...]:
    return words.footer(agency)


def _recipient(draft: Draft) -> tuple[str, ...]:
    """Return what stands in the envelope's window, which is the postal address and nothing else."""
    facts = draft.reminder.facts
    lines = [_line(line, facts.today) for line in facts.postal_lines]
    if not lines[0]:
        raise AddressIncomplete(facts.invoice.buyer.name, ("name",))
    if draft.reminder.debtor.is_abroad:
        # The country of destination in capitals on the last line (Universal Postal Convention regulations).
        lines.append(draft.style.country(draft.reminder.debtor.country).upper())
    return tuple(line for line in lines if line)


def _line(written: str, today: date) -> str:
    line = plain_text(written)
    kept = without_personal_numbers(line, today=today, instead="")
    return line if kept == line else plain_text(kept)


def _facts(draft: Draft) -> Iterator[Labelled]:
    reminder, words, style = draft.reminder, draft.words, draft.style
    due, issued = reminder.due, reminder.facts.invoice.issue_date
    assert issued is not None  # noqa: S101 - a broken promise of our own: such a reminder is refused
    yield Labelled(words.letter_date, style.date(reminder.facts.today))
    yield Labelled(words.case_number, draft.case_number)
    registration = _registration(draft)
    yield Labelled(words.invoice_from, f"{draft.creditor}\n{registration}" if registration else draft.creditor)
    yield Labelled(words.invoice_number, draft.number)
    if due.start is not Start.AFTER_DEMAND or due.demand_sent is None:
        yield Labelled(words.invoice_date, style.date(issued))
        yield Labelled(words.due_date, style.date(due.written_date))
        return
    # A due date that was not agreed decides nothing, so the letter names the days that do.
    if was_demanded_later(reminder):
        yield Labelled(words.invoice_date, style.date(issued))
        yield Labelled(words.payment_requested, style.date(due.demand_sent))
    else:
        yield Labelled(words.invoice_sent, style.date(due.demand_sent))
    if draft.interest is not None:
        yield Labelled(words.interest_from, style.date(draft.interest.debt.first_day))


def _registration(draft: Draft) -> str:
    """Return the creditor's organisation number; a sole trader's is a personal identity number and is left out."""
    seller = draft.reminder.facts.invoice.seller
    number = _organisation_number(seller.identity_number or seller.vat_number, draft.reminder.facts.today)
    return draft.words.registration(number) if number else ""


@lru_cache(maxsize=256)
def _organisation_number(written: str, today: date) -> str:
    try:
        number = read_identity_number(written, today=today)
    except NotAnIdentityNumber:
        return ""
    return str(number) if number.kind is IdentityKind.ORGANISATION else ""


def _payment(draft: Draft) -> PaymentBox:
    reminder, agency, words, style = draft.reminder, draft.agency, draft.words, draft.style
    abroad = reminder.debtor.is_abroad
    fields: tuple[Labelled, ...]
    if abroad:
        # A giro cannot be paid from abroad.
        fields = (
            Labelled("IBAN", style.account(agency.iban)),
            Labelled("BIC", agency.bic),
            Labelled(words.foreign_reference, draft.payment_reference),
        )
    else:
        fields = (
            Labelled(words.bankgiro, agency.bankgiro),
            Labelled(words.reference, draft.payment_reference),
        )
    return PaymentBox(
        title=words.pay_title,
        amount=Labelled(words.to_pay, style.with_currency(reminder.total)),
        last_day=Labelled(words.pay_by, style.weekday_and_date(reminder.last_day_to_pay)),
        fields=fields,
        hint=words.pay_hint(agency.name, abroad=abroad),
        qr=None if abroad else _qr(draft),
        qr_caption="" if abroad else words.scan,
    )


def _qr(draft: Draft) -> QrPayment:
    agency, reminder = draft.agency, draft.reminder
    return QrPayment(
        payee=agency.name,
        organisation_number=agency.organisation_number,
        reference=draft.payment_reference,
        due_date=reminder.last_day_to_pay,
        amount=str(reminder.total),
        account_kind="BG",
        account=agency.bankgiro,
    )
