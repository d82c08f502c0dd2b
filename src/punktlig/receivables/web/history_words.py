"""What happened to an invoice, in a sentence: the words of every code that a history line can carry.

Facts are as they were written down: amounts in SEK as text, days in ISO 8601, and what a person wrote. A fact that is
missing leaves its part of the sentence out. A code of ours without words is a fault, and a test looks for them; a kind
of event without words comes from a newer agency, and is told by its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext as _

from punktlig.core.money import Money, NotAnAmount
from punktlig.exchange.messages import EventKind
from punktlig.receivables.web.refusal_words import told_refusal
from punktlig.receivables.web.reversal_words import refused_sentence
from punktlig.ui import writing
from punktlig.ui.parts import Entry

if TYPE_CHECKING:
    from punktlig.receivables.records.history import HistoryLine

type Facts = Mapping[str, object]
type Kind = Literal["", "agency", "note", "money"]

_MONEY = {
    "payment_recorded", "payment_taken_back", "payment_reversal_asked", "credit_note_recorded", "credit_note_imported",
    EventKind.PAYMENT_CONFIRMED, EventKind.PAYMENT_REVERSED, EventKind.CREDIT_NOTE_CONFIRMED, EventKind.CLAIM_PAID,
}  # fmt: skip

# A line's amounts are in its invoice's currency, which it does not repeat.
_CURRENCY = "currency"


def sentence(code: str, facts: Facts, *, by_agency: bool = False) -> str:
    """Return what the line says.

    Raises:
        KeyError: the code is ours and has no words.
    """
    if not by_agency:
        return OWN_WORDS[code](facts)
    words = AGENCY_WORDS.get(code)
    return words(facts) if words else _("Ombudet meddelade: %s.") % code


def entry_of(line: HistoryLine, *, currency: str) -> Entry:
    """Return the line, of an invoice in the currency, as the page draws it."""
    kind: Kind = "agency" if line.by_agency else ""
    who = line.actor
    if line.code in _MONEY:
        kind = "money"
    elif line.code == "note" and not line.by_agency:
        kind, who = "note", _("%s, anteckning") % line.actor
    text = sentence(line.code, {**line.facts, _CURRENCY: currency}, by_agency=line.by_agency)
    return Entry(at=line.at, text=text, who=who, kind=kind)


def _amount(facts: Facts, name: str) -> str:
    """Return the amount as people write it, or nothing when it was not told or is nothing."""
    value = facts.get(name)
    try:
        money = Money(value) if isinstance(value, int) else Money.parse(str(value))
    except NotAnAmount:
        return ""
    return writing.with_currency(money, str(facts.get(_CURRENCY, "SEK"))) if money else ""


def _day(facts: Facts, name: str) -> str:
    try:
        return writing.day_and_month(date.fromisoformat(str(facts.get(name, ""))))
    except ValueError:
        return ""


def _text(facts: Facts, name: str) -> str:
    return " ".join(str(facts.get(name) or "").split())


def _joined(*sentences: str) -> str:
    return " ".join(one for one in sentences if one)


def _filled(words: str, value: str) -> str:
    return words % value if value else ""


def _received(facts: Facts) -> str:
    number = _text(facts, "claim_number")
    return _joined(
        _("Ombudet tog emot fakturan som ärende %s.") % number if number else _("Ombudet tog emot fakturan."),
        _filled(_("Påminnelsen skapas %s."), _day(facts, "reminder_day")),
    )


def _issued(facts: Facts) -> str:
    return _joined(
        _filled(_("Påminnelsen skapades, på %s."), _amount(facts, "total")) or _("Påminnelsen skapades."),
        _filled(_("Den rättar brevet av den %s."), _day(facts, "corrects")),
        _filled(_("Avgift %s."), _amount(facts, "charge")),
        _filled(_("Ränta %s."), _amount(facts, "interest")),
        _filled(_("Sista dag att betala är %s."), _day(facts, "last_day_to_pay")),
    )


def _sent(facts: Facts) -> str:
    ways = {"email": _("Påminnelsen skickades med e-post."), "print": _("Påminnelsen skickades med post.")}
    return _joined(
        ways.get(_text(facts, "way")) or _("Påminnelsen skickades."),
        _filled(_("Sista dag att betala är %s."), _day(facts, "last_day_to_pay")),
    )


def _payment(facts: Facts) -> str:
    amount, day = _amount(facts, "amount"), _day(facts, "day")
    if not (amount and day):
        return _("En betalning registrerades.")
    return _joined(
        _("Betalning %(amount)s den %(day)s registrerades.") % {"amount": amount, "day": day},
        _("Ombudet får veta det.") if facts.get("told") else "",
    )


def _taken_back(facts: Facts) -> str:
    amount, day = _amount(facts, "amount"), _day(facts, "day")
    if not (amount and day):
        return _("En betalning togs tillbaka.")
    return _("Betalning %(amount)s den %(day)s togs tillbaka.") % {"amount": amount, "day": day}


def _reversal_asked(facts: Facts) -> str:
    amount, day = _amount(facts, "amount"), _day(facts, "day")
    return _joined(
        _("Betalning %(amount)s den %(day)s ska tas tillbaka.") % {"amount": amount, "day": day}
        if amount and day
        else _("En betalning ska tas tillbaka."),
        _("Ombudet får veta det. Betalningen räknas tills ombudet har svarat."),
    )


def _credit_note(facts: Facts) -> str:
    amount, number = _amount(facts, "amount"), _text(facts, "number")
    if not (amount and number):
        return _("En kreditfaktura registrerades.")
    return _joined(
        _("Kreditfaktura %(number)s på %(amount)s registrerades.") % {"number": number, "amount": amount},
        _("Ombudet får veta det.") if facts.get("told") else "",
    )


def _confirmed(facts: Facts, with_amount: str, without: str) -> str:
    """Return that the agency has counted it, and where it went when that was more than one place."""
    places = {
        "principal": _("%s på fakturan"),
        "fees": _("%s på avgifter"),
        "interest": _("%s på ränta"),
        "surplus": _("%s för mycket"),
        "waived": _("%s efterskänktes"),
    }
    went = [words % amount for name, words in places.items() if (amount := _amount(facts, name))]
    told = _filled(with_amount, _amount(facts, "amount")) or without
    return _joined(told, f"{_listed(went)}." if len(went) > 1 else "")


def _listed(parts: list[str]) -> str:
    return _("%(first)s och %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]}


def _payment_confirmed(facts: Facts) -> str:
    if not facts.get("command_id"):  # money that came to the agency, of which nobody here had told
        return _confirmed(facts, _("Kunden betalade %s till ombudet."), _("Kunden betalade till ombudet."))
    return _confirmed(facts, _("Ombudet räknade in betalningen %s."), _("Ombudet räknade in betalningen."))


def _payment_reversed(facts: Facts) -> str:
    """Return that the payment counts no more, and what is owed again when that is more than one thing."""
    places = {
        "principal": _("%s av fakturan"),
        "fees": _("%s avgifter"),
        "interest": _("%s ränta"),
    }
    owed = [words % amount for name, words in places.items() if (amount := _amount(facts, name))]
    told = _filled(_("Betalningen %s är tillbakatagen, också hos ombudet."), _amount(facts, "amount"))
    # Not where as much is let go again, since the customer has paid what the letter asked for.
    is_owed = len(owed) > 1 and not _text(facts, "waived").startswith("-")
    return _joined(
        told or _("En betalning är tillbakatagen, också hos ombudet."),
        _("Att betala igen: %s.") % _listed(owed) if is_owed else "",
        _filled(_("Kunden får ett rättat brev, som skapas den %s."), _day(facts, "correction_day")),
        _filled(_("Ombudets skäl: %s."), _text(facts, "note")),
    )


def _command_refused(facts: Facts) -> str:
    amount = _amount(facts, "amount")
    if facts.get("reverses") and amount:
        return refused_sentence(_text(facts, "code"), amount)
    if _text(facts, "code") == "claim_is_paid":
        # Nobody need call: it is told again should the claim go on.
        return _("Ombudet räknade inte in det som rapporterades, eftersom ärendet redan var betalt.")
    return _("Ombudet kunde inte räkna in det som rapporterades. Ring ombudet.")


def _credit_note_confirmed(facts: Facts) -> str:
    return _confirmed(facts, _("Ombudet räknade in krediteringen %s."), _("Ombudet räknade in krediteringen."))


def _address_changed(facts: Facts) -> str:
    return _joined(
        _("En ny adress till kunden angavs hos ombudet."),
        _filled(_("Ett nytt brev skapas den %s."), _day(facts, "reminder_day")),
    )


def _fee_reversed(facts: Facts) -> str:
    return _filled(_("Avgiften %s togs bort, eftersom brevet inte gick fram."), _amount(facts, "amount")) or _(
        "Avgiften togs bort, eftersom brevet inte gick fram."
    )


def _refused(facts: Facts) -> str:
    told = told_refusal(_text(facts, "code"), {name: value for name, value in facts.items() if name != "code"})
    return _joined(_("Ombudet tog inte emot fakturan."), told.what)


def _conflict(facts: Facts) -> str:
    number = _text(facts, "claim_number")
    return _joined(
        _("Ombudet har redan ett ärende på fakturan, ärende %s, med andra uppgifter.") % number
        if number
        else _("Ombudet har redan ett ärende på fakturan, med andra uppgifter."),
        _("Ring ombudet och stäm av."),
    )


def _entered_from_file(facts: Facts) -> str:
    return _filled(_("Inläst från filen %s."), _text(facts, "file")) or _("Inläst från fil.")


def _share(facts: Facts) -> str:
    return _filled(_("Kundens del angavs till %s."), _amount(facts, "share")) or _("Kundens del angavs.")


def _changed(facts: Facts, words: str) -> str:
    """Return what was changed, by name; the values stay out of it."""
    told = facts.get("changed")
    names = changed_parts(told) if isinstance(told, list) else ""
    return _joined(f"{words}: {names}." if names else f"{words}.", _agency_keeps(facts))


def _mended(facts: Facts, words: str) -> str:
    return _joined(words, _agency_keeps(facts))


def _agency_keeps(facts: Facts) -> str:
    return _("Ombudet har kvar de uppgifter som skickades.") if facts.get("sent") else ""


def changed_parts(changed: Iterable[str]) -> str:
    """Return the names of what was changed, for a sentence: `adressen och namnet`."""
    known = _names()
    names = [known[name] for name in changed if name in known]
    return _listed(names) if len(names) > 1 else "".join(names)


def _names() -> Mapping[str, str]:
    return {
        "number": _("numret"),
        "name": _("namnet"),
        "kind": _("kundtypen"),
        "identity_number": _("person- eller organisationsnumret"),
        "vat_number": _("momsnumret"),
        "address": _("adressen"),
        "email": _("e-postadressen"),
        "telephone": _("telefonnumret"),
        "language": _("språket"),
        "identity_is_protected": _("skyddet av uppgifterna"),
        "customer_id": _("kunden"),
        "currency": _("valutan"),
        "issue_date": _("fakturadatumet"),
        "due_date": _("förfallodagen"),
        "total_ore": _("beloppet"),
        "tax_ore": _("momsen"),
        "prepaid_ore": _("förskottet"),
        "payable_ore": _("beloppet att betala"),
        "deduction": _("skattereduktionen"),
        "share_ore": _("kundens del"),
        "payment_reference": _("OCR"),
        "buyer_reference": _("referensen"),
        "notes": _("texten"),
        "lines": _("raderna"),
    }


def _note(facts: Facts) -> str:
    return str(facts.get("text", ""))


def _says(words: Callable[[], str]) -> Callable[[Facts], str]:
    return lambda _facts: words()


OWN_WORDS: dict[str, Callable[[Facts], str]] = {
    "note": _note,
    "invoice_sent": _says(lambda: _("Skickad till ombudet.")),
    "invoice_entered": _says(lambda: _("Fakturan skrevs in.")),
    "invoice_imported": _entered_from_file,
    "invoice_changed": lambda facts: _changed(facts, _("Fakturan ändrades")),
    "share_mended": _share,
    "customer_changed": lambda facts: _changed(facts, _("Kundens uppgifter ändrades")),
    "address_mended": lambda facts: _mended(facts, _("Adressen rättades.")),
    "kind_mended": lambda facts: _mended(facts, _("Slaget av kund angavs.")),
    "payment_recorded": _payment,
    "payment_taken_back": _taken_back,
    "payment_reversal_asked": _reversal_asked,
    "credit_note_recorded": _credit_note,
    "credit_note_imported": _credit_note,
}
AGENCY_WORDS: dict[str, Callable[[Facts], str]] = {
    # The agency's answer to a handover
    "handover_refused": _refused,
    "handover_conflict": _conflict,
    # The agency's events
    EventKind.CLAIM_RECEIVED: _received,
    EventKind.PAYMENT_CONFIRMED: _payment_confirmed,
    EventKind.CREDIT_NOTE_CONFIRMED: _credit_note_confirmed,
    EventKind.PAYMENT_REVERSED: _payment_reversed,
    EventKind.COMMAND_REFUSED: _command_refused,
    EventKind.REMINDER_ISSUED: _issued,
    EventKind.REMINDER_SENT: _sent,
    EventKind.REMINDER_STOPPED: _says(lambda: _("Påminnelsen stoppades innan den skickades.")),
    EventKind.LETTER_REFUSED: _says(lambda: _("Brevet gick inte fram.")),
    EventKind.FEE_REVERSED: _fee_reversed,
    EventKind.BALANCE_CORRECTED: _says(lambda: _("Brevet skickades inte. Det som betalats räknas på fakturan.")),
    EventKind.LAST_DAY_PASSED: _says(lambda: _("Sista dagen att betala har passerat.")),
    EventKind.ADDRESS_CHANGED: _address_changed,
    EventKind.PERSON_NEEDED: _says(lambda: _("En handläggare hos ombudet behöver titta på ärendet.")),
    EventKind.PERSON_ANSWERED: _says(lambda: _("En handläggare hos ombudet lät ärendet gå vidare.")),
    EventKind.CLAIM_PAID: _says(lambda: _("Allt är betalt. Ärendet är klart.")),
    EventKind.CLAIM_CLOSED: _says(lambda: _("Ärendet avslutades.")),
}
