"""The forms of the activation wizard, and how their answers become those that are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum import iban

from punktlig import clock
from punktlig.core.invoice import AccountKind
from punktlig.core.statutes.fees import ChargeKind, statutory_fee
from punktlig.formats.accounts import NotAnAccountNumber, parse_account
from punktlig.formats.giro import NotAGiroNumber, format_bankgiro, format_plusgiro
from punktlig.receivables.actions.activation import Answers
from punktlig.receivables.records.activation import TraderCharge
from punktlig.ui import writing
from punktlig.ui.forms import Answer, DayField, PageForm, this_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from punktlig.receivables.records.activation import Activation
    from punktlig.receivables.records.company import Company
    from punktlig.tenancy.models import User


class ContactForm(PageForm):
    """Whom the agency turns to, where it pays, and what debts are usually for."""

    contact_name = forms.CharField(label=gettext_lazy("Kontaktperson"), max_length=200)
    contact_email = forms.EmailField(label=gettext_lazy("E-post"), max_length=254)
    contact_telephone = forms.CharField(label=gettext_lazy("Telefon"), max_length=40, required=False)
    account_kind = forms.ChoiceField(
        label=gettext_lazy("Konto för utbetalning"),
        choices=[("bankgiro", "Bankgiro"), ("plusgiro", "Plusgiro"), ("iban", "IBAN")],
        widget=forms.RadioSelect,
    )
    account_number = forms.CharField(
        label=gettext_lazy("Kontots nummer"),
        max_length=40,
        help_text=gettext_lazy("Hit betalar ombudet ut faktura och ränta som kunden har betalat."),
    )
    debt_text = forms.CharField(
        label=gettext_lazy("Vad skulderna brukar avse"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Står i en mening i brevet, till exempel snickeriarbete. Tomt: fakturans egna rader."),
    )
    debt_text_in_english = forms.CharField(
        label=gettext_lazy("Samma sak på engelska"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "Står i en mening i brev på engelska, till exempel joinery work. Tomt: fakturans egna rader."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Hold the account's number to its kind; a wrong check digit is found here and not when money goes astray."""
        told = super().clean() or {}
        number, kind = told.get("account_number"), told.get("account_kind")
        if number and kind:
            try:
                told["account_number"] = parse_account(AccountKind(kind), number)
            except NotAnAccountNumber:
                wrong = {
                    "bankgiro": _("Det är inget bankgironummer: kontrollera siffrorna."),
                    "plusgiro": _("Det är inget plusgironummer: kontrollera siffrorna."),
                    "iban": _("Det är inget IBAN: kontrollera siffrorna."),
                }[kind]
                self.add_error("account_number", ValidationError(wrong, code="invalid"))
        return told


class FeesForm(PageForm):
    """What the customers have agreed to, and since when."""

    fee = forms.ChoiceField(
        label=gettext_lazy("Står det i era villkor att kunden betalar påminnelseavgift?"),
        choices=lambda: [
            (
                "yes",
                Answer(
                    _("Ja, i villkor eller avtal som kunden fick senast vid beställningen"),
                    _("Då läggs %s till på varje påmind faktura, en gång.") % _fee(ChargeKind.REMINDER_FEE),
                ),
            ),
            (
                "no",
                Answer(
                    _("Nej, eller bara på själva fakturan"),
                    _("Då läggs ingen påminnelseavgift till. Det räcker inte att avgiften står på fakturan."),
                ),
            ),
            ("unsure", Answer(_("Jag vet inte"), _("Vi lägger inte till avgiften. Du kan ändra svaret senare."))),
        ],
        widget=forms.RadioSelect,
    )
    fee_since = DayField(
        label=gettext_lazy("Avgiften står i villkoren sedan"),
        required=False,
        not_after=this_day,
        help_text=gettext_lazy("Fakturor före den dagen får ingen avgift."),
    )
    due = forms.ChoiceField(
        label=gettext_lazy("Är förfallodagen avtalad med kunden?"),
        choices=lambda: [
            (
                "yes",
                Answer(
                    _("Ja, i villkor, avtal eller offert som kunden har godtagit"),
                    _("Då räknas ränta från dagen efter förfallodagen."),
                ),
            ),
            (
                "no",
                Answer(
                    _("Nej, den står bara på fakturan"),
                    _("Då räknas ränta från 30 dagar efter att fakturan skickades, 4 § räntelagen."),
                ),
            ),
            ("unsure", Answer(_("Jag vet inte"), _("Vi räknar som om den inte är avtalad."))),
        ],
        widget=forms.RadioSelect,
    )
    due_since = DayField(
        label=gettext_lazy("Förfallodagen är avtalad sedan"),
        required=False,
        not_after=this_day,
        help_text=gettext_lazy("Fakturor före den dagen räknas som om den inte är avtalad."),
    )
    warns = forms.ChoiceField(
        label=gettext_lazy("Står det på fakturorna att ränta tillkommer vid sen betalning?"),
        choices=lambda: [
            ("yes", Answer(_("Ja"))),
            (
                "no",
                Answer(_("Nej"), _("Då betalar en privatperson ingen ränta, om inte förfallodagen är avtalad.")),
            ),
        ],
        widget=forms.RadioSelect,
    )
    trader_charge = forms.ChoiceField(
        label=gettext_lazy("Vad ska läggas till för företag och myndigheter?"),
        choices=lambda: [
            (TraderCharge.NOTHING.value, Answer(_("Ingenting"), _("Kunden betalar fakturan och räntan."))),
            (
                TraderCharge.REMINDER_FEE.value,
                Answer(
                    _("Påminnelseavgift, %s") % _fee(ChargeKind.REMINDER_FEE),
                    _("När den är avtalad, enligt ditt svar ovan."),
                ),
            ),
            (
                TraderCharge.COMPENSATION.value,
                Answer(
                    _("Förseningsersättning, %s") % _fee(ChargeKind.LATE_PAYMENT_COMPENSATION),
                    _("Behöver inte vara avtalad, och ersätter påminnelseavgiften."),
                ),
            ),
        ],
        widget=forms.RadioSelect,
    )

    abroad = forms.ChoiceField(
        label=gettext_lazy("Ska privatpersoner utomlands betala avgift och ränta?"),
        choices=lambda: [
            (
                "no",
                Answer(
                    _("Nej, bara fakturan"),
                    _(
                        "Tvingande konsumentskydd i kundens eget land kan gälla, vad era villkor än säger"
                        " (artikel 6 i Rom I-förordningen). Därför läggs inget till om ni inte väljer det."
                    ),
                ),
            ),
            (
                "yes",
                Answer(
                    _("Ja, enligt samma regler som för andra privatpersoner"),
                    _("Då svarar ni för att reglerna i kundens land tillåter det. Vi prövar bara svensk lag."),
                ),
            ),
        ],
        widget=forms.RadioSelect,
        initial="no",
        required=False,  # what is not answered is no
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the day when the answer is yes, and forget it when it is not."""
        told = super().clean() or {}
        for answer, since in (("fee", "fee_since"), ("due", "due_since")):
            if told.get(answer) != "yes":
                told[since] = None
                self.errors.pop(since, None)
            elif told.get(since) is None and since not in self.errors:
                self.add_error(since, ValidationError(_("Skriv från vilken dag."), code="required"))
        return told


class TermsForm(PageForm):
    """The acceptance of one version of the terms."""

    version = forms.CharField(widget=forms.HiddenInput)
    accepts = forms.BooleanField(
        label=gettext_lazy("Jag godkänner villkoren för företaget, och får ingå avtal för det.")
    )


def answers_from(contact: Mapping[str, Any], fees: Mapping[str, Any]) -> Answers:
    """Return the answers of both forms as they are kept."""
    return Answers(
        contact_name=contact["contact_name"],
        contact_email=contact["contact_email"],
        contact_telephone=contact["contact_telephone"],
        account_kind=contact["account_kind"],
        account_number=contact["account_number"],
        debt_text=contact["debt_text"],
        debt_text_in_english=contact["debt_text_in_english"],
        reminder_fee_agreed_since=fees["fee_since"],
        due_date_agreed_since=fees["due_since"],
        invoices_warn_of_interest=fees["warns"] == "yes",
        trader_charge=TraderCharge(fees["trader_charge"]),
        charges_consumers_abroad=fees["abroad"] == "yes",
    )


def initial_from(live: Activation | None, company: Company, user: User) -> dict[str, Any]:
    """Return what the forms hold at first: the answers that apply now, else what the company has told before."""
    if live is not None:
        return {
            "contact_name": live.contact_name,
            "contact_email": live.contact_email,
            "contact_telephone": live.contact_telephone,
            "account_kind": live.account_kind,
            "account_number": written_account(live.account_kind, live.account_number),
            "debt_text": live.debt_text,
            "debt_text_in_english": live.debt_text_in_english,
            "fee": "yes" if live.reminder_fee_agreed_since else "no",
            "fee_since": live.reminder_fee_agreed_since,
            "due": "yes" if live.due_date_agreed_since else "no",
            "due_since": live.due_date_agreed_since,
            "warns": "yes" if live.invoices_warn_of_interest else "no",
            "trader_charge": live.trader_charge,
            "abroad": "yes" if live.charges_consumers_abroad else "no",
        }
    kind, number = next(((kind, number) for kind, number in _accounts(company) if number), ("bankgiro", ""))
    return {
        "contact_name": user.name,
        "contact_email": user.email,
        "contact_telephone": company.telephone,
        "account_kind": kind,
        "account_number": written_account(kind, number),
    }


def trader_charge_words(charge: str) -> str:
    """Return what is added for business customers and public bodies."""
    match TraderCharge(charge):
        case TraderCharge.NOTHING:
            return _("Ingenting")
        case TraderCharge.REMINDER_FEE:
            return _("Påminnelseavgift, %s") % _fee(ChargeKind.REMINDER_FEE)
        case TraderCharge.COMPENSATION:
            return _("Förseningsersättning, %s") % _fee(ChargeKind.LATE_PAYMENT_COMPENSATION)


def consumers_abroad_words(*, charges: bool) -> str:
    """Return what consumers abroad are asked for."""
    return _("Betalar avgift och ränta som andra") if charges else _("Betalar varken avgift eller ränta")


def debt_text_lines(swedish: str, english: str) -> tuple[str, ...]:
    """Return what debts are for, in letters in Swedish and in English; one line when the invoices tell it in both."""
    own = _("Fakturans egna rader")
    if not swedish and not english:
        return (own,)
    return (swedish or own, _("På engelska: %s") % (english or own))


def account_words(kind: str, number: str) -> str:
    """Return `Bankgiro 5050-1055`."""
    names = {"bankgiro": "Bankgiro", "plusgiro": "Plusgiro", "iban": "IBAN"}
    return f"{names[kind]} {written_account(kind, number)}"


def written_account(kind: str, number: str) -> str:
    """Return the account's number as people write it."""
    try:
        if kind == "bankgiro":
            return format_bankgiro(number)
        if kind == "plusgiro":
            return format_plusgiro(number)
    except NotAGiroNumber:
        return number
    return iban.format(number) if iban.is_valid(number) else number


def _fee(kind: ChargeKind) -> str:
    """Return the charge that the law allows today; the answers stay without an amount where it names none."""
    fee = statutory_fee(kind, clock.today())
    return writing.with_currency(fee.amount) if fee else ""


def _accounts(company: Company) -> tuple[tuple[str, str], ...]:
    return ("bankgiro", company.bankgiro), ("plusgiro", company.plusgiro), ("iban", company.iban)
