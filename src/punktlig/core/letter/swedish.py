"""The reminder in Swedish: *du* to a consumer, *ni* to companies and public bodies.

A reminder states a time to pay and that the claim may be handed on for collection, and nothing more: any other pressure
would make it a collection demand (Debt Recovery Act 1974:182 s. 1).
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

_NUMBERS = ("", "", "Två", "Tre", "Fyra", "Fem", "Sex", "Sju", "Åtta", "Nio", "Tio", "Elva", "Tolv")
_DEDUCTIONS = {DeductionKind.ROT: "Rotavdrag", DeductionKind.RUT: "Rutavdrag", DeductionKind.GREEN: "Grönt avdrag"}
_UNITS = {
    "C62": "st", "EA": "st", "H87": "st", "NAR": "st", "PCE": "st", "HUR": "tim", "MIN": "min", "DAY": "dagar",
    "WEE": "veckor", "MON": "mån", "ANN": "år", "KGM": "kg", "GRM": "g", "TNE": "ton", "MTR": "m", "KMT": "km",
    "MTK": "m²", "MTQ": "m³", "LTR": "l", "KWH": "kWh", "SET": "set", "PR": "par", "XPK": "paket", "XPA": "paket",
}  # fmt: skip


class Swedish:
    """The Swedish words, in the form of address that suits the debtor."""

    letter_date = "Datum"
    case_number = "Ärendenummer"
    invoice_from = "Faktura från"
    invoice_number = "Fakturanummer"
    invoice_date = "Fakturadatum"
    invoice_sent = "Fakturan skickad"
    payment_requested = "Betalning begärd"
    due_date = "Förföll"
    interest_from = "Ränta räknas från"

    sums_title = "Det här ingår"
    sums_unit = "Kronor"
    prepaid = "Betalt i förskott"
    rounding = "Öresavrundning"
    invoice_to_pay = "Fakturan att betala"
    remaining = "Återstår av fakturan"
    to_pay = "Att betala"

    pay_by = "Senast"
    bankgiro = "Bankgiro"
    reference = "OCR-nummer"
    foreign_reference = "Referens"
    scan = "Skanna i bankappen"

    interest_title = "Så är räntan beräknad"
    calculated_on = "Räknas på, kr"
    yearly_rate = "Räntesats per år"
    days = "Dagar"
    interest = "Ränta, kr"
    total = "Summa"
    basis_title = "Så är beloppen bestämda"
    according_to = "Enligt"
    late_interest = "Dröjsmålsränta"
    payments_title = "Delbetalningar före det här brevet"
    payments_and_credits_title = "Betalt och krediterat före det här brevet"
    amount = "Belopp, kr"
    left_of_invoice = "Kvar av fakturan, kr"
    lines_title = "Vad fakturan gäller"
    delivered = "Leverans"
    what = "Vad"
    without_vat = "Utan moms, kr"
    sum_without_vat = "Utan moms"
    allowances = "Tillägg, avdrag och avrundning"
    vat = "Moms"
    invoice_total = "Fakturans belopp"
    see_details = ("Hur beloppen är beräknade står på sida ", ".")
    page_words = ("Sida", "av")

    def __init__(self, *, plural: bool) -> None:
        self.you, self.you_object, self.your, self.yours = (
            ("ni", "er", "er", "ert") if plural else ("du", "dig", "din", "ditt")
        )
        self.formatting: Formatting = formatting("sv")
        self.pay_title = f"Så betalar {self.you}"
        self.own_share = f"{self.your.capitalize()} del av fakturan"
        self.remaining_of_share = f"Återstår av {self.your} del"
        self.left_of_share = f"Kvar av {self.your} del, kr"

    def registration(self, number: str) -> str:
        return f"Org.nr {number}"

    def heading(self, number: str, creditor: str) -> tuple[str, str]:
        return f"Påminnelse om faktura {number}", f"från {creditor}"

    def running(self, heading: str, case: str) -> str:
        return f"{heading}, ärende {case}"

    def lead(self, reminder: Reminder, number: str, creditor: str, debt_text: str) -> tuple[str, str, str]:
        # "Enligt deras bokföring": the creditor may be wrong, and a friendly letter leaves room for that.
        the_invoice = f"fakturan för {debt_text}" if debt_text else f"faktura {number}"
        has_share = reminder.owed != reminder.payable
        if has_share:
            paid = "inte helt betald" if reminder.facts.payments else "inte betald"
            state = f"är {self.your} del av {the_invoice} {paid}"
        elif reminder.facts.payments:
            state = f"återstår en del av {the_invoice}"
        else:
            state = f"är {the_invoice} inte betald"
        style = self.formatting
        before = (
            f"Hej! Vi hjälper {creditor} med deras fakturor. Enligt deras bokföring {state}. "
            f"Vi ber {self.you_object} därför betala "
        )
        return (
            before,
            f"{style.with_currency(reminder.total)} senast {style.weekday_and_date(reminder.last_day_to_pay)}",
            f". Då är hela {self.your} del betald." if has_share else ". Då är hela skulden betald.",
        )

    def correction(self, letter_date: date, charge: ChargeKind | None) -> str:
        told = (
            f"Det här brevet ersätter vårt brev av den {self.formatting.date(letter_date)}. Där hade en betalning "
            "dragits av som inte hörde till fakturan, så beloppet där gäller inte längre."
        )
        if charge is None:
            return told
        what = "Ersättningen" if charge is ChargeKind.LATE_PAYMENT_COMPENSATION else "Avgiften"
        return f"{told} {what} är densamma som då och tas ut en gång."

    def invoice_row(self, number: str, text: str) -> str:
        return f"Faktura {number}, {text}" if text else f"Faktura {number}"

    def deduction_row(self, reminder: Reminder) -> str:
        kind = reminder.facts.invoice.deduction
        return f"{_DEDUCTIONS[kind]}, Skatteverkets del" if kind else "Skatteverkets del"

    def payment_row(self, payment: PartPayment) -> str:
        what = "Kreditfaktura" if payment.is_credit_note else "Delbetalning"
        return f"{what} {self.formatting.date(payment.day)}"

    def payments_row(self, payments: Sequence[PartPayment]) -> str:
        kinds = {payment.is_credit_note for payment in payments}
        if len(kinds) > 1:
            return "Delbetalningar och kreditfakturor"
        number = _NUMBERS[len(payments)] if len(payments) < len(_NUMBERS) else str(len(payments))
        return f"{number} kreditfakturor" if True in kinds else f"{number} delbetalningar"

    def credited_on(self, day: str) -> str:
        return f"{day}, kreditfaktura"

    def interest_row(self, through: date, *, on_share: bool) -> str:
        part = f" på {self.your} del" if on_share else ""
        return f"{self.late_interest}{part} till och med {self.formatting.date(through)}"

    def charge_row(self, charge: Charge) -> str:
        return "Förseningsersättning" if charge.kind is ChargeKind.LATE_PAYMENT_COMPENSATION else "Påminnelseavgift"

    def pay_hint(self, payee: str, *, abroad: bool) -> str:
        if abroad:
            return (
                f"Mottagare är {payee}. Betala i svenska kronor, ange referensen och be banken skicka hela beloppet "
                "(avgift OUR)."
            )
        return f"Mottagare är {payee}. Ange alltid OCR-numret."

    def help(self, charge: ChargeKind | None, charged_on: date, creditor: str) -> tuple[Labelled, ...]:
        you = self.you
        if charge is ChargeKind.REMINDER_FEE:
            # The fee stands only when the money was booked on the letter's date or later (NJA 1988 s. 312).
            day = self.formatting.day_and_month(charged_on)
            paid = (
                f"Då behöver {you} inte betala igen. Kom pengarna fram före den {day} ska {you} inte heller betala "
                "påminnelseavgiften."
            )
        else:
            # Late-payment compensation arises with the right to interest, so it is owed although the invoice is paid.
            again = "betala fakturan igen" if charge else "betala igen"
            paid = f"Då behöver {you} inte {again}. Säg gärna till om brevet har blivit fel, så rättar vi det."
        return (
            Labelled(f"Har {you} redan betalat?", paid),
            Labelled(
                "Stämmer inte fakturan?",
                "Berätta för oss vad som är fel, i telefon, med e-post eller i brev. Då pausar vi ärendet och utreder, "
                f"och {you} får ett svar.",
            ),
            Labelled(
                "Svårt att betala nu?",
                f"Hör av {self.you_object} så tidigt {you} kan. {you.capitalize()} kan be om längre tid eller om att "
                f"få dela upp betalningen. Vi frågar {creditor} och återkommer till {self.you_object}.",
            ),
        )

    def contact(self, agency: Agency, case: str) -> tuple[Labelled, ...]:
        return (
            Labelled(f"{self.yours.capitalize()} ärendenummer", case),
            Labelled("E-post", agency.email),
            Labelled(f"Telefon, vardagar {agency.hours}", agency.telephone),
        )

    def otherwise(self, last_day: date) -> str:
        return (
            f"Om skulden inte är betald senast den {self.formatting.day_and_month(last_day)} kan den komma att lämnas "
            "över till någon annan för inkasso."
        )

    def interest_note(self, reminder: Reminder, interest: Interest, lines: Sequence[InterestLine]) -> Labelled:
        style, you = self.formatting, self.you
        lengths = " eller ".join(map(str, sorted({line.year_days for line in lines})))
        how = f"{self._rate(interest)}{self._on_what(reminder)}{self._from_when(reminder)}"
        sentences = [f"{how}, dag för dag på {lengths} dagar ({self._sections(reminder, interest)})."]
        if due_date_was_moved(reminder):
            written = style.weekday_and_date(reminder.due.written_date)
            sentences.append(
                f"{written.capitalize()} var ingen bankdag, så betalning till och med den "
                f"{style.day_and_month(reminder.due.effective_date)} var i tid."
            )
        if len(lines) > 1:
            sentences.append("Avrundad en gång, i sista raden.")
        sentences.append(f"Betalar {you} i tid tillkommer ingen mer ränta; annars {self._growth(reminder, interest)}.")
        return Labelled("Ränta.", " ".join(sentences))

    def _rate(self, interest: Interest) -> str:
        style, rate = self.formatting, interest.debt.rate
        if not rate.above_reference:
            return f"Avtalad ränta: {style.percent(rate.percent)}"
        riksbank = f"Riksbankens referensränta plus {style.decimal(rate.percent)} procentenheter"
        return riksbank if rate == STATUTORY else f"Avtalad ränta: {riksbank}"

    def _on_what(self, reminder: Reminder) -> str:
        share = f" på {self.your} del" if reminder.owed != reminder.payable else ""
        if not reminder.facts.payments:
            return share
        return f" på det som då var obetalt av {self.your} del" if share else " på det som då var obetalt"

    def _from_when(self, reminder: Reminder) -> str:
        match reminder.due.start:
            case Start.AFTER_DEMAND if gave_longer_than_law(reminder):
                return (
                    ". Ingen förfallodag var avtalad men fakturan gav mer än lagens 30 dagar, därför från dagen efter "
                    "den betalningsdag som stod på fakturan"
                )
            case Start.AFTER_DEMAND:
                was_sent = "betalning begärdes" if was_demanded_later(reminder) else "fakturan skickades"
                return f". Ingen förfallodag var avtalad, därför från det att 30 dagar hade gått sedan {was_sent}"
            case Start.CONTRACT:
                return ", från dagen efter den förfallodag som avtalet anger"
            case Start.AGREED_DUE_DATE:
                return ", från dagen efter förfallodagen"

    def _sections(self, reminder: Reminder, interest: Interest) -> str:
        # Section 2: no interest before the claim is due. Section 6 gives the statutory rate; an agreed one stands by
        # the agreement (s. 1).
        sections = ["4"] if reminder.due.start is Start.AFTER_DEMAND else ["3"]
        if gave_longer_than_law(reminder):
            sections.insert(0, "2")
        if interest.debt.rate == STATUTORY:
            sections.append("6")
        written = ", ".join(sections[:-1])
        return f"räntelagen {written} och {sections[-1]} §§" if written else f"räntelagen {sections[0]} §"

    def _growth(self, reminder: Reminder, interest: Interest) -> str:
        style, growth = self.formatting, reminder.growth
        following = style.day_and_month(reminder.day_after)
        if growth is None:
            return f"räknas den vidare från den {following} med den räntesats som gäller då"
        by = style.with_currency(growth) if growth else "mindre än ett öre"
        unchanged = " så länge räntesatsen är oförändrad" if interest.debt.rate.above_reference else ""
        return f"växer den från den {following} med {by} om dagen{unchanged}"

    def later_interest_note(self, first_day: date) -> Labelled:
        return Labelled(
            "Ränta.",
            f"Ingen förfallodag var avtalad, så ränta räknas först från den {self.formatting.date(first_day)} "
            f"({self.later_interest_statute()}). Betalar {self.you} i tid tillkommer ingen.",
        )

    def later_interest_statute(self) -> str:
        return "räntelagen 4 §"

    def charge_note(self, reminder: Reminder, charge: Charge, creditor: str) -> Labelled:
        style = self.formatting
        amount, statute = style.whole_kronor_with_currency(charge.amount), self.charge_statute(charge)
        if charge.kind is ChargeKind.LATE_PAYMENT_COMPENSATION:
            public = reminder.debtor.kind is DebtorKind.PUBLIC_BODY
            why = "när ett offentligt organ betalar en näringsidkare sent" if public else "mellan näringsidkare"
            return Labelled(
                "Förseningsersättning.",
                f"{amount} {why} ({statute}), i stället för påminnelseavgift. Ingen moms och ingen ränta på "
                "ersättningen.",
            )
        since = f", där avgiften finns sedan den {style.date(charge.agreed_since)}" if charge.agreed_since else ""
        return Labelled(
            "Påminnelseavgift.",
            f"{amount} enligt villkoren hos {creditor}{since} ({statute}). Ingen moms och ingen ränta på avgiften.",
        )

    def charge_statute(self, charge: Charge) -> str:
        section = "4 a §" if charge.kind is ChargeKind.LATE_PAYMENT_COMPENSATION else "2 §"
        return f"lag 1981:739, {section}"

    def deduction_note(self, reminder: Reminder, creditor: str) -> Labelled:
        kind = reminder.facts.invoice.deduction
        amount = self.formatting.amount(reminder.payable - reminder.owed)
        return Labelled(
            f"{_DEDUCTIONS[kind]}." if kind else "Skatteverkets del.",
            f"De {amount} kronorna begär {creditor} av Skatteverket när {self.you} har betalat {self.your} del. De "
            "ingår inte i den här skulden.",
        )

    def deduction_statute(self) -> str:
        return "inkomstskattelagen 67 kap."

    def unit(self, code: str) -> str | None:
        return _UNITS.get(code)

    def footer(self, agency: Agency) -> tuple[tuple[str, str], ...]:
        tax = ", godkänd för F-skatt" if agency.approved_for_f_tax else ""
        seat = f"Styrelsens säte: {agency.seat}"
        online = f"{agency.email}, {agency.website}" if agency.website else agency.email
        return (
            (agency.name, f"{agency.address}, {agency.postcode} {agency.town}"),
            (f"{agency.telephone}, vardagar {agency.hours}", online),
            (f"Org.nr {agency.organisation_number}{tax}", f"{seat}. {agency.permit}" if agency.permit else seat),
        )
