"""What the codes stored with a claim mean, in the language of the page. The portal and the desk say it alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from punktlig.core.money import Money, NotAnAmount
from punktlig.exchange.messages import ClaimStatus, EventKind, NextEvent
from punktlig.ui import writing
from punktlig.ui.told_refusals import explain_told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from punktlig.agency.records.claim import Claim

OPEN = (
    ClaimStatus.RECEIVED.value,
    ClaimStatus.REMINDER_ISSUED.value,
    ClaimStatus.REMINDER_SENT.value,
    ClaimStatus.NEEDS_PERSON.value,
)


@dataclass(frozen=True)
class StatusWords:
    """A code of ui/statuses.py, and the word when it is not the code's own."""

    code: str
    word: str = ""


@dataclass(frozen=True)
class Need:
    """Why somebody is asked: a short name, what has happened, and what to do about it."""

    name: str
    what: str
    todo: str


def debtor_shown(claim: Claim) -> str:
    """Return the debtor's name, or that it is protected: lists, exports and titles are seen by many."""
    return _("Skyddade personuppgifter") if claim.identity_is_protected else claim.debtor_name


def creditor_decides(claim: Claim, today: date) -> bool:
    """Tell whether the creditor is asked how the claim is to go on."""
    return (
        claim.status in OPEN
        and claim.next_event == NextEvent.CREDITOR_DECIDES
        and claim.next_event_day is not None
        and claim.next_event_day <= today
    )


def status_words(claim: Claim, today: date) -> StatusWords:
    """Return how the claim's status is drawn."""
    if claim.status in OPEN and (claim.needs_person or claim.status == ClaimStatus.NEEDS_PERSON):
        return StatusWords("needs_action", _("Hos handläggare"))
    if creditor_decides(claim, today):
        return StatusWords("decision")
    if claim.next_event == NextEvent.CORRECTION_IS_ISSUED and claim.next_event_day is not None:
        day = writing.short_day(claim.next_event_day, today=today)
        return StatusWords("reminder_planned", _("Rättat brev skapas %(day)s") % {"day": day})
    return {
        ClaimStatus.RECEIVED.value: StatusWords("received"),
        ClaimStatus.REMINDER_ISSUED.value: StatusWords("reminder", _("Påminnelse skapad")),
        ClaimStatus.REMINDER_SENT.value: StatusWords("reminder_sent"),
        ClaimStatus.PAID.value: StatusWords("paid"),
        ClaimStatus.CLOSED.value: StatusWords("closed"),
    }[claim.status]


def next_words(claim: Claim, today: date, *, to_creditor: bool) -> str:
    """Return what happens next and when, as a sentence; empty when nothing is planned.

    `to_creditor`: the creditor's people are said *ni* to; the agency's own read of the creditor.
    """
    if claim.status not in OPEN or not claim.next_event:
        return ""
    words = {"day": writing.day_and_month(claim.next_event_day) if claim.next_event_day else ""}
    if creditor_decides(claim, today):
        if to_creditor:
            return _("Sista dagen att betala har passerat. Ni bestämmer hur ärendet går vidare.")
        return _("Sista dagen att betala har passerat. Borgenären bestämmer hur ärendet går vidare.")
    if not claim.next_event_day:
        return {
            NextEvent.REMINDER_IS_ISSUED: _("Påminnelsen skapas nästa bankdag."),
            NextEvent.REMINDER_LEAVES: _("Påminnelsen lämnas till posten."),
        }.get(NextEvent(claim.next_event), "")
    if claim.next_event == NextEvent.LAST_DAY_TO_PAY and claim.next_event_day < today:
        return _("Sista dag att betala var %(day)s.") % words
    decides = (
        _("Är skulden inte betald %(day)s bestämmer ni hur ärendet går vidare.")
        if to_creditor
        else _("Är skulden inte betald %(day)s bestämmer borgenären hur ärendet går vidare.")
    )
    texts = {
        NextEvent.REMINDER_IS_ISSUED: _("Påminnelsen skapas %(day)s. Betalar kunden före dess skickas inget."),
        NextEvent.CORRECTION_IS_ISSUED: _("Ett rättat brev skapas %(day)s. Betalar kunden före dess skickas inget."),
        NextEvent.REMINDER_LEAVES: _("Påminnelsen lämnas till posten %(day)s."),
        NextEvent.LAST_DAY_TO_PAY: _("Sista dag att betala är %(day)s."),
        NextEvent.CREDITOR_DECIDES: decides,
    }
    return texts[NextEvent(claim.next_event)] % words


def need_of(code: str) -> Need:
    """Return why a person is asked for and what to do; a refusal of the rules has words of its own."""
    needs = {
        "letter_refused": Need(
            _("Brevet nådde inte kunden"),
            _("Tryckeriet tog inte emot påminnelsen, eller den kom i retur. Avgiften är återförd."),
            _("Ta reda på rätt adress och ange den, så görs ett nytt brev. Återkalla ärendet om ingen finns."),
        ),
        "letter_may_have_left": Need(
            _("Brevet kan ha gått"),
            _("Brevet var på väg med e-post, och inget säkert svar har kommit. Ingen vet om kunden har fått det."),
            _("Läs i e-postserverns logg om brevet gick. Går det inte att se kan samma brev skickas igen med e-post."),
        ),
        "letter_drawing_failed": Need(
            _("Brevet kunde inte ritas"),
            _("Det är ett fel hos oss och inte hos kunden. Inget brev har gått, och avgiften är återförd."),
            _("Anmäl felet till den som sköter systemet; loggen har orsaken."),
        ),
        "could_not_be_made": Need(
            _("Påminnelsen kunde inte skapas"),
            _("Det är ett fel hos oss och inte hos kunden. Inget brev har gått."),
            _("Anmäl felet till den som sköter systemet; loggen har orsaken vid ärendets nummer."),
        ),
        "claim_unreadable": Need(
            _("Ärendet går inte att läsa"),
            _("Det är ett fel hos oss och inte hos kunden. Inget sker i ärendet så länge."),
            _("Anmäl felet till den som sköter systemet; loggen har orsaken vid ärendets nummer."),
        ),
        "charge_would_change": Need(
            _("Avgiften skulle bli en annan"),
            _("Brevet hann inte lämna oss i tid, och ett nytt skulle ha en annan avgift än det första."),
            _("Jämför villkoren i ärendet. Återkalla ärendet om avgiften inte kan stå kvar."),
        ),
        "only_charges_left": Need(
            _("Bara ränta och avgift är kvar"),
            _("Ett brev skulle rättas, men det som sedan betalats täcker fakturan. Inget rättat brev har gått."),
            _("Hör med borgenären. Avsluta ärendet som betalt, eller återkalla det, om resten kan efterges."),
        ),
        "rate_unknown": Need(
            _("Referensräntan är inte beslutad"),
            _("Räntan för perioden är inte känd, och den gissas aldrig. Ärendet väntar."),
            _("En administratör lägger till halvårets referensränta och en annan godkänner. Sedan går ärendet vidare."),
        ),
        "address_incomplete": Need(
            _("Adressen är inte fullständig"),
            _("Det går inte att adressera ett brev med det som lämnades över. Inget brev har gått."),
            _("Ta reda på hela adressen och ange den. Återkalla ärendet om den inte finns."),
        ),
        "address_does_not_fit": Need(
            _("Adressen får inte plats"),
            _("Adressen är för lång för kuvertets fönster, så brevet har inte lämnat oss."),
            _("Ange adressen kortare. Återkalla ärendet om det inte går."),
        ),
        "character_not_covered": Need(
            _("Ett tecken går inte att skriva ut"),
            _("Namnet eller adressen har ett tecken som våra typsnitt saknar, så brevet har inte lämnat oss."),
            _("Står tecknet i adressen, ange den med en annan stavning. Anmäl annars till den som sköter systemet."),
        ),
        "letter_fact_missing": Need(
            _("En uppgift till brevet saknas"),
            _("Borgenärens namn eller fakturans nummer går inte att läsa. Inget brev har gått."),
            _("Be borgenären rätta uppgiften. Återkalla ärendet om det inte går."),
        ),
        "letter_content_unreadable": Need(
            _("Brevet går inte att läsa"),
            _("Det sparade brevet är skadat, så det har inte lämnat oss. Avgiften är återförd."),
            _("Anmäl felet till den som sköter systemet."),
        ),
    }
    if code in needs:
        return needs[code]
    refusal = explain_told(code, {})
    if refusal is not None:
        return Need(_("Påminnelsen kan inte skickas"), refusal.what, refusal.todo)
    return Need(
        _("Behöver en handläggare"),
        _("Ärendet har stannat av ett skäl som saknar egen text: %(code)s.") % {"code": code},
        _("Läs historiken och fråga borgenären. Återkalla ärendet om det inte kan gå vidare."),
    )


def event_words(kind: str, facts: Mapping[str, str]) -> str:
    """Return what happened, with the facts that were told; a fact that was not told is left out of the sentence."""
    told = {name: value if name == "note" else _told(value) for name, value in facts.items()}
    text = _EVENTS.get(kind)
    return text(told) if text else kind


def event_ink(kind: str) -> str:
    """Return the ink of an event's dot in the history: money, agency or none."""
    money = (EventKind.PAYMENT_CONFIRMED, EventKind.CREDIT_NOTE_CONFIRMED, EventKind.PAYMENT_REVERSED)
    if kind in (*money, EventKind.CLAIM_PAID):
        return "money"
    if kind in (EventKind.REMINDER_ISSUED, EventKind.REMINDER_SENT, EventKind.FEE_REVERSED):
        return "agency"
    return "note" if kind in (EventKind.PERSON_NEEDED, EventKind.LETTER_REFUSED, EventKind.COMMAND_REFUSED) else ""


def _told(value: str) -> str:
    """Write an amount in SEK or a day in ISO 8601 as a page does; any other text as it is."""
    try:
        return writing.with_currency(Money.parse(value)) if "." in value else writing.day(date.fromisoformat(value))
    except (NotAnAmount, ValueError):
        return value


def _sentences(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _when(told: Mapping[str, str], name: str, text: str) -> str:
    return text % told if told.get(name) else ""


def _claim_received(told: Mapping[str, str]) -> str:
    return _sentences(
        _("Fakturan togs emot."),
        _when(told, "unpaid", _("Kvar att betala: %(unpaid)s.")),
        _when(told, "reminder_day", _("Påminnelsen planerades till %(reminder_day)s.")),
    )


def _payment(told: Mapping[str, str]) -> str:
    return _sentences(
        _when(told, "amount", _("Betalning %(amount)s till borgenären.")) or _("Betalning till borgenären."),
        _when(told, "day", _("Bokförd %(day)s.")),
        _spent(told),
    )


def _credit_note(told: Mapping[str, str]) -> str:
    return _sentences(
        _when(told, "amount", _("Kreditfaktura %(amount)s.")) or _("Kreditfaktura."),
        _when(told, "day", _("Daterad %(day)s.")),
        _spent(told),
    )


def _reversal(told: Mapping[str, str]) -> str:
    return _sentences(
        _when(told, "amount", _("Betalning %(amount)s till borgenären togs tillbaka: den räknas inte."))
        or _("En betalning till borgenären togs tillbaka: den räknas inte."),
        _spent(told),
        _when(told, "correction_day", _("Ett rättat brev planerades till %(correction_day)s.")),
        _when(told, "note", _("Skäl: %(note)s.")),
    )


def _spent(told: Mapping[str, str]) -> str:
    """Return where the money went, unless all of it went to the principal."""
    words = {
        "fees": _("avgifter %(fees)s"),
        "interest": _("ränta %(interest)s"),
        "principal": _("kapital %(principal)s"),
        "surplus": _("för mycket %(surplus)s"),
    }
    parts = [text % told for name, text in words.items() if told.get(name)]
    listed = ", ".join(parts)
    return f"{listed[:1].upper()}{listed[1:]}." if len(parts) > 1 else ""


def _command_refused(told: Mapping[str, str]) -> str:
    reasons = {
        "claim_is_paid": _("Ärendet var redan betalt."),
        "claim_is_closed": _("Ärendet var redan avslutat."),
        "payment_ahead": _("Dagen låg framåt i tiden."),
        "payment_not_counted": _("Betalningen räknades inte i ärendet."),
        "told_with_handover": _("Den kom redan med fakturan."),
        "payment_in_letter": _("Ett brev som har skickats, eller ligger hos tryckeriet, räknar med betalningen."),
    }
    return _sentences(
        _when(told, "amount", _("En uppgift om %(amount)s togs inte emot.")) or _("En uppgift togs inte emot."),
        reasons.get(told.get("code", ""), ""),
    )


def _reminder_issued(told: Mapping[str, str]) -> str:
    return _sentences(
        _when(told, "total", _("Påminnelse på %(total)s skapad.")) or _("Påminnelse skapad."),
        _when(told, "corrects", _("Den rättar brevet av den %(corrects)s.")),
        _when(told, "last_day_to_pay", _("Betala senast %(last_day_to_pay)s.")),
    )


def _reminder_sent(told: Mapping[str, str]) -> str:
    ways = {"print": _("Påminnelsen lämnades till tryckeriet."), "email": _("Påminnelsen skickades med e-post.")}
    return ways.get(told.get("way", ""), _("Påminnelsen lämnade oss."))


def _letter_refused(_told_facts: Mapping[str, str]) -> str:
    return _("Brevet nådde inte kunden.")


def _address_changed(told: Mapping[str, str]) -> str:
    return _sentences(
        _("En ny adress angavs."),
        _when(told, "reminder_day", _("Ett nytt brev planerades till %(reminder_day)s.")),
    )


def _person_needed(told: Mapping[str, str]) -> str:
    code = told.get("code", "")
    return _sentences(_("En handläggare behövs."), f"{need_of(code).name}." if code else "")


def _without_rate(told: Mapping[str, str]) -> str:
    """Return how far interest was reckoned when the claim ended before its rate was known."""
    return _when(told, "rates_known_through", _("Räntan räknades till och med %(rates_known_through)s."))


def _closed(told: Mapping[str, str]) -> str:
    ways = {
        "withdrawn": _("Ärendet återkallades av borgenären."),
        "paid": _("Ärendet avslutades som betalt till borgenären."),
    }
    way = ways.get(told.get("reason") or told.get("how") or "", _("Ärendet avslutades."))
    return _sentences(way, _without_rate(told))


_EVENTS = {
    EventKind.CLAIM_RECEIVED.value: _claim_received,
    EventKind.PAYMENT_CONFIRMED.value: _payment,
    EventKind.CREDIT_NOTE_CONFIRMED.value: _credit_note,
    EventKind.PAYMENT_REVERSED.value: _reversal,
    EventKind.COMMAND_REFUSED.value: _command_refused,
    EventKind.REMINDER_ISSUED.value: _reminder_issued,
    EventKind.REMINDER_SENT.value: _reminder_sent,
    EventKind.REMINDER_STOPPED.value: lambda _told: _("Påminnelsen stoppades innan den lämnade oss."),
    EventKind.LETTER_REFUSED.value: _letter_refused,
    EventKind.FEE_REVERSED.value: lambda told: (
        _when(told, "amount", _("Avgiften %(amount)s återfördes.")) or _("Avgiften återfördes.")
    ),
    EventKind.BALANCE_CORRECTED.value: lambda _told: _("Brevet lämnade oss inte. Det som betalats räknas på fakturan."),
    EventKind.ADDRESS_CHANGED.value: _address_changed,
    EventKind.PERSON_NEEDED.value: _person_needed,
    EventKind.LAST_DAY_PASSED.value: lambda _told: _("Sista dagen att betala passerade. Borgenären bestämmer."),
    EventKind.PERSON_ANSWERED.value: lambda _told: _("En handläggare lät ärendet gå vidare."),
    EventKind.CLAIM_PAID.value: lambda told: _sentences(_("Skulden är betald."), _without_rate(told)),
    EventKind.CLAIM_CLOSED.value: _closed,
}
