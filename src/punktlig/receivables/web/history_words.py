"""What happened to an invoice, in a sentence: the words of every code that a history line can carry.

Facts are as they were written down: amounts in SEK as text, days in ISO 8601, and what a person wrote. A fact that is
missing leaves its part of the sentence out; a code without words is a fault of ours, and a test looks for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext as _

from punktlig.core.money import Money, NotAnAmount
from punktlig.exchange.messages import EventKind
from punktlig.ui import writing
from punktlig.ui.parts import Entry

if TYPE_CHECKING:
    from punktlig.receivables.records.history import HistoryLine

type Facts = Mapping[str, object]
type Kind = Literal["", "agency", "note", "money"]

_MONEY = {
    "payment_recorded", "credit_note_recorded",
    EventKind.PAYMENT_CONFIRMED, EventKind.CREDIT_NOTE_CONFIRMED, EventKind.CLAIM_PAID,
}  # fmt: skip


def sentence(code: str, facts: Facts) -> str:
    """Return what the line says.

    Raises:
        KeyError: the code has no words.
    """
    return WORDS[code](facts)


def entry_of(line: HistoryLine) -> Entry:
    """Return the line as the page draws it."""
    kind: Kind = "agency" if line.by_agency else ""
    who = line.actor
    if line.code in _MONEY:
        kind = "money"
    elif line.code == "note":
        kind, who = "note", _("%s, anteckning") % line.actor
    return Entry(at=line.at, text=sentence(line.code, line.facts), who=who, kind=kind)


def _amount(facts: Facts, name: str) -> str:
    """Return the amount as people write it, or nothing when it was not told or is nothing."""
    value = facts.get(name)
    if isinstance(value, int):
        return writing.with_currency(value) if value else ""
    try:
        money = Money.parse(str(value))
    except NotAnAmount:
        return ""
    return writing.with_currency(money) if money else ""


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
        _filled(_("Avgift %s."), _amount(facts, "charge")),
        _filled(_("Ränta %s."), _amount(facts, "interest")),
        _filled(_("Sista dag att betala är %s."), _day(facts, "last_day_to_pay")),
    )


def _sent(facts: Facts) -> str:
    ways = {"email": _("Påminnelsen skickades med e-post."), "print": _("Påminnelsen skickades med post.")}
    return ways.get(_text(facts, "channel"), _("Påminnelsen skickades."))


def _payment(facts: Facts) -> str:
    amount, day = _amount(facts, "amount"), _day(facts, "day")
    if amount and day:
        return _("Betalning %(amount)s den %(day)s registrerades.") % {"amount": amount, "day": day}
    return _("Betalning registrerades.")


def _payment_confirmed(facts: Facts) -> str:
    return _filled(_("Ombudet räknade in betalningen %s."), _amount(facts, "amount")) or _(
        "Ombudet räknade in betalningen."
    )


def _credit_note(facts: Facts) -> str:
    amount, number = _amount(facts, "amount"), _text(facts, "number")
    if amount and number:
        return _("Kreditfaktura %(number)s på %(amount)s registrerades.") % {"number": number, "amount": amount}
    return _("Kreditfaktura registrerades.")


def _credit_note_confirmed(facts: Facts) -> str:
    return _filled(_("Ombudet räknade in krediteringen %s."), _amount(facts, "amount")) or _(
        "Ombudet räknade in krediteringen."
    )


def _fee_reversed(facts: Facts) -> str:
    return _filled(_("Avgiften %s togs bort, eftersom brevet inte gick fram."), _amount(facts, "amount")) or _(
        "Avgiften togs bort, eftersom brevet inte gick fram."
    )


def _letter_refused(facts: Facts) -> str:
    if _text(facts, "channel") == "email":
        return _("E-postbrevet gick inte fram. Det skickas med post i stället.")
    return _("Brevet gick inte fram.")


def _note(facts: Facts) -> str:
    return str(facts.get("text", ""))


def _corrected(facts: Facts) -> str:
    return _filled(_("Kundens uppgifter rättades: %s."), _text(facts, "what")) or _("Kundens uppgifter rättades.")


def _says(words: Callable[[], str]) -> Callable[[Facts], str]:
    return lambda _facts: words()


WORDS: dict[str, Callable[[Facts], str]] = {
    # Here
    "note": _note,
    "invoice_sent": _says(lambda: _("Skickad till ombudet.")),
    "payment_recorded": _payment,
    "credit_note_recorded": _credit_note,
    # The agency's events
    EventKind.CLAIM_RECEIVED: _received,
    EventKind.PAYMENT_CONFIRMED: _payment_confirmed,
    EventKind.CREDIT_NOTE_CONFIRMED: _credit_note_confirmed,
    EventKind.COMMAND_REFUSED: _says(lambda: _("Ombudet kunde inte räkna in det som rapporterades. Ring ombudet.")),
    EventKind.REMINDER_ISSUED: _issued,
    EventKind.REMINDER_SENT: _sent,
    EventKind.REMINDER_STOPPED: _says(lambda: _("Påminnelsen stoppades innan den skickades.")),
    EventKind.LETTER_REFUSED: _letter_refused,
    EventKind.FEE_REVERSED: _fee_reversed,
    EventKind.PERSON_NEEDED: _says(lambda: _("En handläggare hos ombudet behöver titta på ärendet.")),
    EventKind.CLAIM_PAID: _says(lambda: _("Allt är betalt. Ärendet är klart.")),
    EventKind.CLAIM_CLOSED: _says(lambda: _("Ärendet avslutades.")),
}
