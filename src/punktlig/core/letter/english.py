"""The reminder in British English, for debtors abroad and for those who ask for it.

A statute is named so that it can be found by somebody who has never heard of it. What a reminder may say is the same as
in Swedish: a time to pay and that the claim may be handed on for collection (Debt Recovery Act 1974:182 s. 1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from punktlig.core.due import Start
from punktlig.core.formatting import Formatting, formatting
from punktlig.core.invoice import DeductionKind
from punktlig.core.late_rate import STATUTORY
from punktlig.core.letter.content import Labelled
from punktlig.core.letter.words import due_date_was_moved, gave_longer_than_law, was_demanded_later
from punktlig.core.parties import DebtorKind
from punktlig.core.statutes.fees import ChargeKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from punktlig.core.agency import Agency
    from punktlig.core.charges import Charge
    from punktlig.core.interest import Interest, InterestLine, PartPayment
    from punktlig.core.reminder import Reminder

_NUMBERS = ("", "", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")
# ROT and RUT have no English names; Skatteverket itself keeps the words and explains them.
_DEDUCTIONS = {
    DeductionKind.ROT: "ROT tax deduction",
    DeductionKind.RUT: "RUT tax deduction",
    DeductionKind.GREEN: "Green technology tax deduction",
}
_UNITS = {
    "C62": "pcs", "EA": "pcs", "H87": "pcs", "NAR": "pcs", "PCE": "pcs", "HUR": "h", "MIN": "min", "DAY": "days",
    "WEE": "weeks", "MON": "months", "ANN": "years", "KGM": "kg", "GRM": "g", "TNE": "t", "MTR": "m", "KMT": "km",
    "MTK": "m²", "MTQ": "m³", "LTR": "l", "KWH": "kWh", "SET": "sets", "PR": "pairs", "XPK": "packs", "XPA": "packs",
}  # fmt: skip


class English:
    """The English words; English has one form of address for everybody."""

    letter_date = "Date"
    case_number = "Case number"
    invoice_from = "Invoice from"
    invoice_number = "Invoice number"
    invoice_date = "Invoice date"
    invoice_sent = "Invoice sent"
    payment_requested = "Payment requested"
    due_date = "Due date"
    interest_from = "Interest from"

    sums_title = "What this amount includes"
    sums_unit = "SEK"
    prepaid = "Paid in advance"
    rounding = "Rounding"
    invoice_to_pay = "Invoice amount to pay"
    own_share = "Your share of the invoice"
    remaining = "Remaining of the invoice"
    remaining_of_share = "Remaining of your share"
    to_pay = "To pay"

    pay_title = "How to pay"
    pay_by = "By"
    bankgiro = "Bankgiro"
    reference = "Payment reference (OCR)"
    foreign_reference = "Reference"
    scan = "Scan with your bank's app"

    interest_title = "How interest is calculated"
    calculated_on = "Calculated on, SEK"
    yearly_rate = "Rate per year"
    days = "Days"
    interest = "Interest, SEK"
    total = "Total"
    basis_title = "What the amounts rest on"
    according_to = "According to"
    late_interest = "Late-payment interest"
    payments_title = "Part payments before this letter"
    payments_and_credits_title = "Paid and credited before this letter"
    amount = "Amount, SEK"
    left_of_invoice = "Left of the invoice, SEK"
    left_of_share = "Left of your share, SEK"
    lines_title = "What the invoice is for"
    delivered = "Delivered"
    what = "What"
    without_vat = "Without VAT, SEK"
    sum_without_vat = "Without VAT"
    allowances = "Charges, allowances and rounding"
    vat = "VAT"
    invoice_total = "Invoice amount"
    see_details = ("How the amounts are calculated is shown on page ", ".")
    page_words = ("Page", "of")

    def __init__(self) -> None:
        self.formatting: Formatting = formatting("en")

    def registration(self, number: str) -> str:
        return f"Sweden, reg. no. {number}"

    def heading(self, number: str, creditor: str) -> tuple[str, str]:
        return f"Payment reminder for invoice {number}", f"from {creditor}"

    def running(self, heading: str, case: str) -> str:
        return f"{heading}, case {case}"

    def lead(self, reminder: Reminder, number: str, creditor: str, debt_text: str) -> tuple[str, str, str]:
        # "According to their records": the creditor may be wrong, and a friendly letter leaves room for that.
        the_invoice = f"the invoice for {debt_text}" if debt_text else f"invoice {number}"
        has_share = reminder.owed != reminder.payable
        if has_share:
            paid = "has not been paid in full" if reminder.facts.payments else "has not been paid"
            state = f"your share of {the_invoice} {paid}"
        elif reminder.facts.payments:
            state = f"part of {the_invoice} has not been paid"
        else:
            state = f"{the_invoice} has not been paid"
        style = self.formatting
        before = f"Hello. We help {creditor} with their invoices. According to their records, {state}. Please pay "
        return (
            before,
            f"{style.with_currency(reminder.total)} by {style.weekday_and_date(reminder.last_day_to_pay)}",
            ". That pays your share in full." if has_share else ". That pays the debt in full.",
        )

    def correction(self, letter_date: date, charge: ChargeKind | None) -> str:
        told = (
            f"This letter replaces our letter of {self.formatting.date(letter_date)}. A payment had been deducted "
            "there that did not belong to the invoice, so the amount there no longer applies."
        )
        if charge is None:
            return told
        what = "compensation" if charge is ChargeKind.LATE_PAYMENT_COMPENSATION else "fee"
        return f"{told} The {what} is the same as then and is charged once."

    def invoice_row(self, number: str, text: str) -> str:
        return f"Invoice {number}, {text}" if text else f"Invoice {number}"

    def deduction_row(self, reminder: Reminder) -> str:
        kind = reminder.facts.invoice.deduction
        share = "the Swedish Tax Agency's share"
        return f"{_DEDUCTIONS[kind]}, {share}" if kind else share.capitalize()

    def payment_row(self, payment: PartPayment) -> str:
        what = "Credit note of" if payment.is_credit_note else "Part payment on"
        return f"{what} {self.formatting.date(payment.day)}"

    def payments_row(self, payments: Sequence[PartPayment]) -> str:
        kinds = {payment.is_credit_note for payment in payments}
        if len(kinds) > 1:
            return "Part payments and credit notes"
        number = _NUMBERS[len(payments)] if len(payments) < len(_NUMBERS) else str(len(payments))
        return f"{number} credit notes" if True in kinds else f"{number} part payments"

    def credited_on(self, day: str) -> str:
        return f"{day}, credit note"

    def interest_row(self, through: date, *, on_share: bool) -> str:
        part = " on your share" if on_share else ""
        return f"{self.late_interest}{part} up to and including {self.formatting.date(through)}"

    def charge_row(self, charge: Charge) -> str:
        compensation = charge.kind is ChargeKind.LATE_PAYMENT_COMPENSATION
        return "Late-payment compensation" if compensation else "Reminder fee"

    def pay_hint(self, payee: str, *, abroad: bool) -> str:
        if abroad:
            return (
                f"The payee is {payee}. Please pay in Swedish kronor, quote the reference, and ask your bank to send "
                "the full amount (charges OUR)."
            )
        return f"The payee is {payee}. Please always quote the payment reference."

    def help(self, charge: ChargeKind | None, charged_on: date, creditor: str) -> tuple[Labelled, ...]:
        if charge is ChargeKind.REMINDER_FEE:
            # The fee stands only when the money was booked on the letter's date or later (NJA 1988 s. 312).
            day = self.formatting.day_and_month(charged_on)
            paid = f"Then you need not pay again. If the money arrived before {day}, you need not pay the fee either."
        else:
            # Late-payment compensation arises with the right to interest, so it is owed although the invoice is paid.
            again = "pay the invoice again" if charge else "pay again"
            paid = f"Then you need not {again}. Please tell us if this letter is a mistake, and we will correct it."
        return (
            Labelled("Already paid?", paid),
            Labelled(
                "Is something wrong?",
                "Tell us what is wrong, by phone, by e-mail or by post. We then pause the case, look into it and send "
                "you an answer.",
            ),
            Labelled(
                "Difficult to pay now?",
                "Contact us as early as you can. You may ask for more time or for payment in instalments. We ask "
                f"{creditor} and come back to you.",
            ),
        )

    def contact(self, agency: Agency, case: str) -> tuple[Labelled, ...]:
        return (
            Labelled("Your case number", case),
            Labelled("E-mail", agency.email),
            Labelled(f"Telephone, weekdays {agency.hours} CET", agency.telephone_abroad),
        )

    def otherwise(self, last_day: date) -> str:
        return (
            f"If the debt has not been paid by {self.formatting.day_and_month(last_day)}, it may be handed over to "
            "someone else for collection."
        )

    def interest_note(self, reminder: Reminder, interest: Interest, lines: Sequence[InterestLine]) -> Labelled:
        style = self.formatting
        lengths = " or ".join(map(str, sorted({line.year_days for line in lines})))
        how = f"{self._rate(interest)}{self._on_what(reminder)}{self._from_when(reminder)}"
        sentences = [
            f"{how}, day by day on a year of {lengths} days.",
            f"{self._sections(reminder, interest)}.",
        ]
        if due_date_was_moved(reminder):
            sentences.append(
                f"Swedish banks were closed on {style.weekday_and_date(reminder.due.written_date)}, so payment up to "
                f"and including {style.day_and_month(reminder.due.effective_date)} was in time."
            )
        if len(lines) > 1:
            sentences.append("Rounded once, in the last row.")
        sentences.append(
            f"If you pay on time, no further interest is added; otherwise {self._growth(reminder, interest)}."
        )
        return Labelled("Interest.", " ".join(sentences))

    def _rate(self, interest: Interest) -> str:
        style, rate = self.formatting, interest.debt.rate
        if not rate.above_reference:
            return f"Agreed rate: {style.percent(rate.percent)}"
        above = f"plus {style.decimal(rate.percent)} percentage points"
        if rate == STATUTORY:
            return f"Reference rate of Sweden's central bank, the Riksbank, {above}"
        return f"Agreed rate: the reference rate of Sweden's central bank, the Riksbank, {above}"

    def _on_what(self, reminder: Reminder) -> str:
        share = " on your share" if reminder.owed != reminder.payable else ""
        if not reminder.facts.payments:
            return share
        return " on what was then unpaid of your share" if share else " on what was then unpaid"

    def _from_when(self, reminder: Reminder) -> str:
        match reminder.due.start:
            case Start.AFTER_DEMAND if gave_longer_than_law(reminder):
                return (
                    ". No due date was agreed but the invoice gave more than the 30 days of the law, so it runs from "
                    "the day after the due date on the invoice"
                )
            case Start.AFTER_DEMAND:
                was_sent = "payment was requested" if was_demanded_later(reminder) else "the invoice was sent"
                return f". No due date was agreed, so it is counted once 30 days have passed since {was_sent}"
            case Start.CONTRACT:
                return ", from the day after the due date in the contract"
            case Start.AGREED_DUE_DATE:
                return ", from the day after the due date"

    def _sections(self, reminder: Reminder, interest: Interest) -> str:
        # Section 2: no interest before the claim is due. Section 6 gives the statutory rate; an agreed one stands by
        # the agreement (s. 1).
        sections = ["4"] if reminder.due.start is Start.AFTER_DEMAND else ["3"]
        if gave_longer_than_law(reminder):
            sections.insert(0, "2")
        if interest.debt.rate == STATUTORY:
            sections.append("6")
        written = ", ".join(sections[:-1])
        where = f"ss. {written} and {sections[-1]}" if written else f"s. {sections[0]}"
        return f"Swedish Interest Act (1975:635), {where}"

    def _growth(self, reminder: Reminder, interest: Interest) -> str:
        style, growth = self.formatting, reminder.growth
        following = style.day_and_month(reminder.day_after)
        if growth is None:
            return f"it continues from {following} at the rate then in force"
        by = style.with_currency(growth) if growth else "less than one öre"
        unchanged = " while the rate is unchanged" if interest.debt.rate.above_reference else ""
        return f"it grows by {by} a day from {following}{unchanged}"

    def later_interest_note(self, first_day: date) -> Labelled:
        return Labelled(
            "Interest.",
            f"No due date was agreed, so interest does not run until {self.formatting.date(first_day)}: "
            f"{self.later_interest_statute()}. If you pay on time, none is added.",
        )

    def later_interest_statute(self) -> str:
        return "Swedish Interest Act (1975:635), s. 4"

    def charge_note(self, reminder: Reminder, charge: Charge, creditor: str) -> Labelled:
        style = self.formatting
        amount, statute = style.whole_kronor_with_currency(charge.amount), self.charge_statute(charge)
        if charge.kind is ChargeKind.LATE_PAYMENT_COMPENSATION:
            public = reminder.debtor.kind is DebtorKind.PUBLIC_BODY
            why = "by a public body to a business" if public else "between businesses"
            return Labelled(
                "Compensation.",
                f"{amount} for late payment {why}, instead of a reminder fee: {statute}, which carries out art. 6 of "
                "Directive 2011/7/EU. No VAT and no interest on it.",
            )
        since = f", which include it since {style.date(charge.agreed_since)}" if charge.agreed_since else ""
        return Labelled(
            "Reminder fee.",
            f"{amount} under the terms of {creditor}{since}: {statute}. No VAT and no interest on it.",
        )

    def charge_statute(self, charge: Charge) -> str:
        section = "s. 4 a" if charge.kind is ChargeKind.LATE_PAYMENT_COMPENSATION else "s. 2"
        return f"Swedish Act (1981:739), {section}"

    def deduction_note(self, reminder: Reminder, creditor: str) -> Labelled:
        kind = reminder.facts.invoice.deduction
        amount = self.formatting.with_currency(reminder.payable - reminder.owed)
        return Labelled(
            f"{_DEDUCTIONS[kind]}." if kind else "The Swedish Tax Agency's share.",
            f"{creditor} asks the Swedish Tax Agency for the {amount} once you have paid your share. It is not part of "
            "this debt.",
        )

    def deduction_statute(self) -> str:
        return "Swedish Income Tax Act (1999:1229), ch. 67"

    def unit(self, code: str) -> str | None:
        return _UNITS.get(code)

    def footer(self, agency: Agency) -> tuple[tuple[str, str], ...]:
        seat = f"Registered office: {agency.seat}, Sweden"
        online = f"{agency.email}, {agency.website}" if agency.website else agency.email
        return (
            (agency.name, f"{agency.address}, SE-{agency.postcode} {agency.town}, Sweden"),
            (f"{agency.telephone_abroad}, weekdays {agency.hours} CET", online),
            (f"Company reg. no. {agency.organisation_number}", f"{seat}. {agency.permit}" if agency.permit else seat),
        )
