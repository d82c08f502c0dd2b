"""Every code that a history line can carry has words, in both languages, with and without its facts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import translation

import punktlig.receivables
from punktlig import clock
from punktlig.exchange.messages import EventKind
from punktlig.receivables.records.models import HistoryLine
from punktlig.receivables.web.history_words import AGENCY_WORDS, OWN_WORDS, entry_of, sentence
from tests.receivables.sending_samples import NOW, TODAY

SITE = Path(punktlig.receivables.__file__).parent
# Where a line is written: `code="…"`, or as the code of one of the functions that tell.
WRITTEN = re.compile(
    r'(?:(?<!_)code=|_tell\([^")]*?,\s*|_tell_unpaid_invoices\([^")]*?,\s*|False, )"([a-z]+(?:_[a-z]+)+)"'
    r"|\bfalse, '([a-z]+(?:_[a-z]+)+)'"
    r'|(?<!_)code="(note)"',
    re.DOTALL,
)


@pytest.fixture(autouse=True)
def this_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day of this year is written without the year."""
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def codes_in_the_source() -> set[str]:
    found: set[str] = set()
    for file in [*SITE.glob("actions/*.py"), *SITE.glob("records/*.py")]:
        text = file.read_text()
        if "HistoryLine" in text or "receivables_history_line" in text or "_tell(" in text:
            found |= {code for pair in WRITTEN.findall(text) for code in pair if code}
    return found


def test_the_search_finds_the_codes_we_know_of() -> None:
    assert {"invoice_sent", "note", "payment_recorded", "address_mended", "handover_refused"} <= codes_in_the_source()


def test_every_code_written_has_words() -> None:
    assert codes_in_the_source() - set(OWN_WORDS) - set(AGENCY_WORDS) == set()


def test_every_event_of_the_agency_has_words() -> None:
    assert {kind.value for kind in EventKind} - set(AGENCY_WORDS) == set()


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("code", sorted(OWN_WORDS | AGENCY_WORDS))
def test_a_line_without_facts_is_still_a_sentence(code: str, language: str) -> None:
    with translation.override(language):
        words = sentence(code, {"text": "Ringde."} if code == "note" else {}, by_agency=code in AGENCY_WORDS)
    assert words.endswith(".")
    assert "%" not in words
    assert "None" not in words


@pytest.mark.parametrize(
    ("code", "facts", "words"),
    [
        ("payment_recorded", {"amount": "500.00", "day": "2026-11-20", "told": True},
         "Betalning 500,00 kr den 20 november registrerades. Ombudet får veta det."),
        ("credit_note_recorded", {"amount": "500.00", "number": "K-1", "told": False},
         "Kreditfaktura K-1 på 500,00 kr registrerades."),
        ("payment_confirmed",
         {"command_id": "1", "amount": "30.00", "principal": "17.00", "fees": "6.00", "interest": "7.00"},
         "Ombudet räknade in betalningen 30,00 kr. 17,00 kr på fakturan, 6,00 kr på avgifter och 7,00 kr på ränta."),
        ("payment_confirmed", {"command_id": "1", "amount": "500.00", "principal": "500.00"},
         "Ombudet räknade in betalningen 500,00 kr."),
        ("payment_confirmed", {"amount": "560.00", "principal": "500.00", "fees": "60.00"},
         "Kunden betalade 560,00 kr till ombudet. 500,00 kr på fakturan och 60,00 kr på avgifter."),
        ("payment_reversal_asked", {"amount": "500.00", "day": "2026-11-20"},
         ("Betalning 500,00 kr den 20 november ska tas tillbaka. Ombudet får veta det. "
         "Betalningen räknas tills ombudet har svarat.")),
        ("payment_reversed", {"command_id": "1", "reverses": "2", "amount": "500.00", "principal": "500.00"},
         "Betalningen 500,00 kr är tillbakatagen, också hos ombudet."),
        ("payment_reversed",
         {"amount": "560.00", "principal": "490.00", "fees": "60.00", "interest": "10.00"},
         ("Betalningen 560,00 kr är tillbakatagen, också hos ombudet. "
         "Att betala igen: 490,00 kr av fakturan, 60,00 kr avgifter och 10,00 kr ränta.")),
        ("payment_reversed",
         {"amount": "200.00", "principal": "190.00", "interest": "10.00", "waived": "-200.00", "note": "fel faktura"},
         "Betalningen 200,00 kr är tillbakatagen, också hos ombudet. Ombudets skäl: fel faktura."),
        ("reminder_issued", {"total": "1300.00", "corrects": "2026-11-20"},
         "Påminnelsen skapades, på 1 300,00 kr. Den rättar brevet av den 20 november."),
        ("command_refused", {"amount": "500.00", "code": "payment_ahead"},
         "Ombudet kunde inte räkna in det som rapporterades. Ring ombudet."),
        ("command_refused", {"amount": "500.00", "code": "claim_is_paid"},
         "Ombudet räknade inte in det som rapporterades, eftersom ärendet redan var betalt."),
        ("command_refused", {"amount": "500.00", "reverses": "2", "code": "payment_not_counted"},
         "Ombudet hade inte räknat in betalningen 500,00 kr, så inget behövde tas tillbaka där."),
        ("command_refused", {"amount": "500.00", "reverses": "2", "code": "payment_in_letter"},
         ("Ombudet tog inte tillbaka betalningen 500,00 kr. Den räknas fortfarande. "
         "Betalningen är inräknad i en påminnelse som redan har skickats eller ligger hos tryckeriet. Ring ombudet.")),
        ("command_refused", {"amount": "500.00", "reverses": "2", "code": "moon_is_full"},
         "Ombudet tog inte tillbaka betalningen 500,00 kr. Den räknas fortfarande. Ring ombudet."),
        ("claim_received", {"claim_number": "10472812", "reminder_day": "2026-11-26"},
         "Ombudet tog emot fakturan som ärende 10472812. Påminnelsen skapas 26 november."),
        ("address_changed", {"reminder_day": "2026-11-30"},
         "En ny adress till kunden angavs hos ombudet. Ett nytt brev skapas den 30 november."),
        ("reminder_sent", {"way": "email"}, "Påminnelsen skickades med e-post."),
        ("fee_reversed", {"amount": "60.00"}, "Avgiften 60,00 kr togs bort, eftersom brevet inte gick fram."),
        ("customer_changed", {"changed": ["address", "email", "name"]},
         "Kundens uppgifter ändrades: adressen, e-postadressen och namnet."),
        ("handover_refused", {"code": "address_incomplete", "name": "Anna Ek", "missing": "street"},
         "Ombudet tog inte emot fakturan. I adressen till Anna Ek saknas gata eller box."),
        ("handover_conflict", {"claim_number": "1"},
         "Ombudet har redan ett ärende på fakturan, ärende 1, med andra uppgifter. Ring ombudet och stäm av."),
    ],
)  # fmt: skip
def test_facts_become_part_of_the_sentence(code: str, facts: dict[str, object], words: str) -> None:
    with translation.override("sv"):
        assert sentence(code, facts, by_agency=code in AGENCY_WORDS).replace("\u00a0", " ") == words


def test_a_code_without_words_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        sentence("moon_is_full", {})


@pytest.mark.parametrize("kind", ["moon_is_full", "note", "payment_recorded"])
def test_a_kind_of_event_of_a_newer_agency_is_told_by_its_name(kind: str) -> None:
    with translation.override("sv"):
        assert sentence(kind, {"text": "Ringde.", "amount": "5.00"}, by_agency=True) == f"Ombudet meddelade: {kind}."


def test_a_note_is_only_what_a_person_here_has_written() -> None:
    line = HistoryLine(at=NOW, actor="Ekviken Ombud", by_agency=True, code="note", facts={"text": "Ringde."})
    entry = entry_of(line, currency="SEK")
    assert (entry.kind, entry.who) == ("agency", "Ekviken Ombud")


@pytest.mark.parametrize(("currency", "says"), [("SEK", "60,00\xa0kr den"), ("EUR", "60,00\xa0EUR den")])
def test_an_amount_is_in_the_currency_of_the_invoice(currency: str, says: str) -> None:
    line = HistoryLine(
        at=NOW, actor="Maja Lind", code="payment_recorded", facts={"amount": "60.00", "day": TODAY.isoformat()}
    )
    with translation.override("sv"):
        assert says in entry_of(line, currency=currency).text
