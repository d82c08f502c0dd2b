"""The invoice's page: facts, money, where it stands, what has happened, and the note."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from punktlig.core.money import Money
from punktlig.receivables.actions.customers import Address, mend_address
from punktlig.receivables.actions.handovers import hand_over_invoices
from punktlig.receivables.actions.payments import record_payment
from punktlig.receivables.records.models import Customer, Handover, HistoryLine, Invoice
from punktlig.tenancy.context import acting_for
from tests.receivables.sending_samples import NOW, TODAY, make_customer, make_invoice, shown_for

if TYPE_CHECKING:
    from typing import Any

    from tests.receivables.web.conftest import Browser

pytestmark = pytest.mark.django_db


def sent_invoice(browser: Browser, state: str = "reminder_planned", **changes: Any) -> Invoice:
    known = {"agency_state": state, "claim_number": "10472812", "claim_url": "https://ombudet.example/claims/1"}
    with acting_for(browser.company.id):
        invoice = make_invoice(browser.company, sent_at=NOW - timedelta(days=1), **known | changes)
        Handover.objects.create(
            company=browser.company, invoice=invoice, state="acknowledged", created_at=NOW, created_by=browser.user,
            body=b"{}", sha256="0" * 64, next_try_at=NOW,
        )  # fmt: skip
        return invoice


def event(invoice: Invoice, kind: str, sequence: int, facts: dict[str, str]) -> None:
    at = NOW - timedelta(hours=10 - sequence)
    HistoryLine.objects.create(
        id=uuid4(), company=invoice.company, invoice=invoice, at=at, actor="Ekviken Ombud", by_agency=True, code=kind,
        facts=facts, sequence=sequence, received_at=at,
    )  # fmt: skip


def text_of(response: Any) -> str:
    return str(response.content.decode()).replace("\u00a0", " ")


def test_the_page_shows_facts_lines_and_the_choice_to_send(sales: Browser) -> None:
    with acting_for(sales.company.id):
        invoice = make_invoice(sales.company, number="20431", payment_reference="2043175", buyer_reference="Eva")
    page = text_of(sales.get(f"invoices/{invoice.id}/"))
    for words in ("Faktura 20431", "Anna Ek", "Björkvägen 7", "15 oktober 2026", "41 dagar sedan", "2043175", "Eva",
                  "Byte av hängrännor", "Skicka påminnelse via Ekviken Ombud", "Förfallen"):  # fmt: skip
        assert words in page
    assert "Hos ombudet" not in page.split("</header>")[1]


def test_a_sent_invoice_shows_the_next_event_its_day_the_road_and_the_claim(sales: Browser) -> None:
    invoice = sent_invoice(
        sales, next_event="reminder_is_issued", next_event_day=TODAY + timedelta(days=1), claim_balance_ore=1
    )
    with acting_for(sales.company.id):
        event(invoice, "claim_received", 1, {"reminder_day": "2026-11-26", "claim_number": "10472812"})
    page = text_of(sales.get(f"invoices/{invoice.id}/"))
    for words in ("Påminnelse skapas 26 nov", "Påminnelsen skapas den 26 november.", "Öppna ärende 10472812",
                  "https://ombudet.example/claims/1", "Ombudet tog emot fakturan som ärende 10472812.", "Mottagen",
                  "Sista dag att betala", "4 december", "tidigast 5 december"):  # fmt: skip
        assert words in page
    assert "Skicka påminnelse" not in page


def test_the_road_follows_what_the_agency_has_told(sales: Browser) -> None:
    invoice = sent_invoice(sales, "reminder_sent", next_event="last_day_to_pay", next_event_day=TODAY)
    with acting_for(sales.company.id):
        event(invoice, "claim_received", 1, {})
        event(invoice, "reminder_issued", 2, {"total": "1273.48", "charge": "60.00", "last_day_to_pay": "2026-12-09"})
        event(invoice, "reminder_sent", 3, {"way": "print"})
    page = text_of(sales.get(f"invoices/{invoice.id}/"))
    assert 'aria-current="step"><b>Påminnelse skickad</b>' in page
    assert "9 december" in page
    assert "Påminnelsen skapades, på 1 273,48 kr. Avgift 60,00 kr." in page
    assert "Påminnelsen skickades med post." in page


def test_when_the_last_day_has_passed_the_road_and_the_card_tell_the_same_day(sales: Browser) -> None:
    invoice = sent_invoice(sales, "reminder_sent", next_event="creditor_decides", next_event_day=TODAY)
    with acting_for(sales.company.id):
        event(invoice, "claim_received", 1, {})
        event(invoice, "reminder_issued", 2, {"total": "1273.48", "last_day_to_pay": "2026-11-20"})
        event(invoice, "reminder_sent", 3, {"way": "print"})
        event(invoice, "last_day_passed", 4, {})
    page = text_of(sales.get(f"invoices/{invoice.id}/"))
    assert "Från den 25 november bestämmer ni vad som händer." in page
    assert 'aria-current="step"><b>Ert beslut</b> sedan 25 november' in page
    assert "<b>Sista dag att betala</b> 20 november" in page
    assert "tidigast" not in page


def test_the_road_is_that_of_the_letter_to_the_new_address_and_the_history_has_both(sales: Browser) -> None:
    invoice = sent_invoice(sales, next_event="reminder_is_issued", next_event_day=TODAY + timedelta(days=1))

    def issued(number: int, last_day: str) -> None:
        event(invoice, "reminder_issued", number, {"total": "1273.48", "last_day_to_pay": last_day})
        event(invoice, "reminder_sent", number + 1, {"way": "print", "last_day_to_pay": last_day})

    with acting_for(sales.company.id):
        event(invoice, "claim_received", 1, {})
        issued(2, "2026-11-30")
        event(invoice, "letter_refused", 4, {})
        event(invoice, "address_changed", 5, {"reminder_day": "2026-11-26"})
    page = text_of(sales.get(f"invoices/{invoice.id}/"))
    assert "Påminnelse skapas 26 nov" in page
    assert 'aria-current="step"><b>Mottagen</b>' in page
    assert "<b>Påminnelse skickad</b>" not in page
    assert "Ett nytt brev skapas den 26 november." in page
    with acting_for(sales.company.id):
        issued(6, "2026-12-09")
        type(invoice).objects.filter(id=invoice.id).update(agency_state="reminder_sent", next_event="last_day_to_pay")
    page = text_of(sales.get(f"invoices/{invoice.id}/"))
    assert page.count("<b>Påminnelse skickad</b>") == 1
    assert 'aria-current="step"><b>Påminnelse skickad</b>' in page
    assert page.count("Påminnelsen skickades med post.") == 2
    assert "9 december" in page


def road_of(browser: Browser, invoice: Invoice) -> list[str]:
    """Return the names of the road's steps."""
    return re.findall(
        r'<li class="is-[a-z]+"(?: aria-current="step")?><b>([^<]+)</b>',
        text_of(browser.get(f"invoices/{invoice.id}/")),
    )


def test_the_road_leads_from_the_first_letter_to_the_one_that_corrects_it(sales: Browser) -> None:
    invoice = sent_invoice(sales, next_event="correction_is_issued", next_event_day=TODAY + timedelta(days=1))
    with acting_for(sales.company.id):
        event(invoice, "claim_received", 1, {})
        event(invoice, "reminder_issued", 2, {"total": "1073.48", "last_day_to_pay": "2026-12-02"})
        event(invoice, "reminder_sent", 3, {"way": "print"})
        event(
            invoice, "payment_reversed", 4, {"amount": "200.00", "note": "fel faktura", "correction_day": "2026-11-26"}
        )
    page = text_of(sales.get(f"invoices/{invoice.id}/"))
    for words in ("Rättat brev skapas 26 nov", "Ett rättat brev skapas den 26 november.", "tidigast 5 december",
                  "Brevet som kunden har fått räknar med en betalning som är tillbakatagen.",
                  "Kunden får ett rättat brev, som skapas den 26 november. Ombudets skäl: fel faktura."):  # fmt: skip
        assert words in page
    assert "Rättat brev skapas 26 nov" in text_of(sales.get("invoices/?tab=sent"))
    assert road_of(sales, invoice) == [
        "Till ombudet", "Mottagen", "Påminnelse skapad", "Påminnelse skickad",
        "Rättat brev skapas", "Brevet skickas", "Sista dag att betala", "Ert beslut",
    ]  # fmt: skip
    with acting_for(sales.company.id):
        event(invoice, "reminder_issued", 5, {"corrects": "2026-11-19", "last_day_to_pay": "2026-12-04"})
        Invoice.objects.filter(id=invoice.id).update(next_event="reminder_leaves")
    issued = road_of(sales, invoice)
    assert issued[1:5] == ["Mottagen", "Påminnelse skickad", "Rättat brev skapat", "Brevet skickas"]
    with acting_for(sales.company.id):
        event(invoice, "reminder_sent", 6, {"way": "print"})
        Invoice.objects.filter(id=invoice.id).update(agency_state="reminder_sent", next_event="last_day_to_pay")
    sent = road_of(sales, invoice)
    assert sent[1:4] == ["Mottagen", "Rättat brev skapat", "Rättat brev skickat"]
    assert "Brevet skickas" not in sent


def test_the_road_leads_on_to_the_correction_that_a_payment_had_stopped_whatever_was_told_first(
    sales: Browser,
) -> None:
    invoice = sent_invoice(sales, next_event="correction_is_issued", next_event_day=TODAY + timedelta(days=1))
    told: list[tuple[str, int, dict[str, str]]] = [
        ("claim_received", 1, {}),
        ("reminder_issued", 2, {"last_day_to_pay": "2026-12-02"}),
        ("reminder_sent", 3, {"way": "print"}),
        ("payment_reversed", 4, {"amount": "200.00", "correction_day": "2026-11-25"}),
        ("reminder_issued", 5, {"corrects": "2026-11-19", "last_day_to_pay": "2026-12-04"}),
        ("reminder_stopped", 6, {}),
        ("claim_paid", 7, {}),
        ("payment_reversed", 8, {"amount": "1400.00", "correction_day": "2026-11-26"}),
    ]
    with acting_for(sales.company.id):
        for kind, sequence, facts in reversed(told):
            event(invoice, kind, sequence, facts)
    assert road_of(sales, invoice) == [
        "Till ombudet", "Mottagen", "Påminnelse skickad",
        "Rättat brev skapas", "Brevet skickas", "Sista dag att betala", "Ert beslut",
    ]  # fmt: skip


def test_a_payment_on_a_sent_invoice_is_reported_until_it_is_confirmed(sales: Browser) -> None:
    invoice = sent_invoice(sales)
    with acting_for(sales.company.id):
        payment = record_payment(
            sales.company.id, invoice.id, TODAY, Money(50_000), user=sales.user, today=TODAY, at=NOW
        )
    assert ">rapporterad<" in text_of(sales.get(f"invoices/{invoice.id}/"))
    with acting_for(sales.company.id):
        invoice.commands.filter(id=payment.id).update(state="confirmed")
    page = text_of(sales.get(f"invoices/{invoice.id}/"))
    assert ">rapporterad<" not in page
    assert ">inräknad<" in page


def part_paid(browser: Browser, paid_ore: int, **changes: Any) -> Invoice:
    """An invoice of 1 200 kronor whose reminder asked for 60 + 13.48 more; the payment came after it."""
    invoice = sent_invoice(
        browser,
        "reminder_sent",
        paid_ore=paid_ore,
        remaining_ore=120_000 - paid_ore,
        **{"claim_balance_ore": 127_348 - paid_ore, "claim_balance_day": TODAY} | changes,
    )
    with acting_for(browser.company.id):
        event(invoice, "reminder_issued", 1, {"total": "1273.48", "charge": "60.00", "interest": "13.48"})
    return invoice


def counted(invoice: Invoice, sequence: int = 2, **parts: str) -> str:
    payment = str(uuid4())
    with acting_for(invoice.company_id):
        event(invoice, "payment_confirmed", sequence, {"command_id": payment, **parts})
    return payment


def test_what_is_left_here_and_at_the_agency_are_named_with_the_way_from_one_to_the_other(sales: Browser) -> None:
    invoice = part_paid(sales, 50_000)
    counted(invoice, amount="500.00", fees="60.00", interest="13.48", principal="426.52")
    response = sales.get(f"invoices/{invoice.id}/")
    page = " ".join(text_of(response).split())
    assert response.context["invoice"].remaining_ore == 70_000
    assert "av fakturans 1 200,00 kr. Hos ombudet är 773,48 kr kvar." in page
    assert [(row.what.replace("\u00a0", " "), row.ore) for row in response.context["left"].sums] == [
        ("Kvar av fakturan hos er", 70_000),
        ("Ränta och avgifter till och med 25 november", 7_348),
        ("Kvar hos ombudet", 77_348),
    ]
    assert "En betalning efter påminnelsen räknas först på ränta och avgifter, sedan på fakturan." in page
    assert "Så har 73,48 kr räknats, och av själva fakturan är 773,48 kr kvar hos ombudet." in page
    assert 'öre för öre hos ombudet: <a href="https://ombudet.example/claims/1">ärende 10472812</a>.' in page


def test_before_anything_is_paid_the_rest_is_interest_and_fees_and_nothing_is_said_of_payments_made(
    sales: Browser,
) -> None:
    response = sales.get(f"invoices/{part_paid(sales, 0).id}/")
    assert [row.ore for row in response.context["left"].sums] == [120_000, 7_348, 127_348]
    assert "Så har" not in text_of(response)


def test_what_the_agency_has_not_counted_yet_stands_between_the_two(sales: Browser) -> None:
    invoice = part_paid(sales, 0)
    with acting_for(sales.company.id):
        record_payment(sales.company.id, invoice.id, TODAY, Money(50_000), user=sales.user, today=TODAY, at=NOW)
    response = sales.get(f"invoices/{invoice.id}/")
    assert [row.ore for row in response.context["left"].sums] == [70_000, 50_000, 7_348, 127_348]
    assert "Bokat här, inte inräknat hos ombudet" in text_of(response)


def test_an_invoice_paid_here_whose_claim_is_not_says_so_and_more_can_be_booked(sales: Browser) -> None:
    invoice = part_paid(sales, 120_000)
    counted(invoice, amount="1200.00", fees="60.00", interest="13.48", principal="1126.52")
    page = text_of(sales.get(f"invoices/{invoice.id}/"))
    assert "Hos ombudet är 73,48 kr kvar." in page
    assert 'tab=agency">Hos ombudet</a></p>' in page
    assert "Registrera betalning till er" in page
    assert "Kreditera fakturan" not in page
    assert "Betald här, 73,48 kr kvar hos ombudet" in text_of(sales.get("invoices/?tab=agency"))
    form = text_of(sales.get(f"invoices/{invoice.id}/payments"))
    assert "<dt>Kvar hos ombudet</dt><dd>73,48 kr<br>" in form
    assert 'value="73,48"' in form


def test_after_a_payment_was_taken_back_the_page_says_where_those_that_stand_lie(sales: Browser) -> None:
    # 40 kr of the fee were booked by mistake, and 500 kr after: without the 40 kr, these pay the whole fee.
    invoice = part_paid(sales, 50_000)
    wrong = counted(invoice, amount="40.00", fees="40.00")
    counted(invoice, 3, amount="500.00", fees="20.00", interest="13.48", principal="466.52")
    with acting_for(sales.company.id):
        facts = {"command_id": str(uuid4()), "reverses": wrong, "amount": "40.00", "principal": "40.00"}
        event(invoice, "payment_reversed", 4, facts)
    response = sales.get(f"invoices/{invoice.id}/")
    assert [row.ore for row in response.context["left"].sums] == [70_000, 7_348, 77_348]
    page = " ".join(text_of(response).split())
    assert "Så har 73,48 kr räknats, och av själva fakturan är 773,48 kr kvar hos ombudet." in page


@pytest.mark.parametrize("order", [(2, 3), (3, 2)])
def test_when_the_only_payment_was_taken_back_nothing_is_said_of_payments_made(
    sales: Browser, order: tuple[int, int]
) -> None:
    invoice = part_paid(sales, 0)
    parts = {"amount": "500.00", "fees": "60.00", "interest": "13.48", "principal": "426.52"}
    payment = counted(invoice, order[0], **parts)
    with acting_for(sales.company.id):
        event(invoice, "payment_reversed", order[1], {"command_id": str(uuid4()), "reverses": payment, **parts})
    response = sales.get(f"invoices/{invoice.id}/")
    assert [row.ore for row in response.context["left"].sums] == [120_000, 7_348, 127_348]
    assert "Så har" not in text_of(response)


def test_of_a_reversal_heard_before_its_payment_nothing_is_said_either_of_what_stands(sales: Browser) -> None:
    # The 40 kr that were booked by mistake are heard of last: without them the 500 kr seem to have paid 33.48.
    invoice = part_paid(sales, 50_000)
    counted(invoice, 3, amount="500.00", fees="20.00", interest="13.48", principal="466.52")
    with acting_for(sales.company.id):
        facts = {"command_id": str(uuid4()), "reverses": str(uuid4()), "amount": "40.00", "principal": "40.00"}
        event(invoice, "payment_reversed", 4, facts)
    assert "Så har" not in text_of(sales.get(f"invoices/{invoice.id}/"))


def test_nothing_is_said_when_a_payment_had_to_wait_for_a_reference_rate_before_it_was_put_anywhere(
    sales: Browser,
) -> None:
    invoice = part_paid(sales, 60_000)
    counted(invoice, amount="500.00", fees="60.00", interest="13.48", principal="426.52")
    counted(invoice, 3, amount="100.00")
    assert "Så har" not in text_of(sales.get(f"invoices/{invoice.id}/"))


@pytest.mark.parametrize("kind", ["letter_refused", "fee_reversed", "balance_corrected"])
def test_after_a_correction_the_page_does_not_guess_where_earlier_payments_lie(sales: Browser, kind: str) -> None:
    invoice = part_paid(sales, 50_000, claim_balance_ore=71_348)
    counted(invoice, amount="500.00", fees="60.00", interest="13.48", principal="426.52")
    with acting_for(sales.company.id):
        event(invoice, kind, 3, {"amount": "60.00"})
    response = sales.get(f"invoices/{invoice.id}/")
    assert [row.ore for row in response.context["left"].sums] == [70_000, 1_348, 71_348]
    assert "Så har" not in text_of(response)


def test_from_a_corrected_letter_on_what_came_before_it_counts_on_the_invoice(sales: Browser) -> None:
    invoice = part_paid(sales, 60_000)
    counted(invoice, amount="500.00", fees="60.00", interest="13.48", principal="426.52")
    with acting_for(sales.company.id):
        event(invoice, "reminder_issued", 3, {"total": "773.48", "corrects": "2026-11-20"})
    assert "Så har" not in text_of(sales.get(f"invoices/{invoice.id}/"))
    counted(invoice, 4, amount="100.00", fees="60.00", principal="40.00")
    assert "Så har 60,00 kr räknats" in text_of(sales.get(f"invoices/{invoice.id}/"))


def test_money_that_came_to_the_agency_alone_is_not_taken_for_interest(sales: Browser) -> None:
    invoice = part_paid(sales, 0, claim_balance_ore=77_348)
    with acting_for(sales.company.id):
        event(invoice, "payment_confirmed", 2, {"amount": "500.00"})
    response = sales.get(f"invoices/{invoice.id}/")
    assert response.context["left"].sums == ()
    assert "Hos ombudet är 773,48 kr kvar." in text_of(response)


def test_a_claim_made_from_other_facts_is_not_compared_with_the_ledger(sales: Browser) -> None:
    invoice = part_paid(sales, 0)
    with acting_for(sales.company.id):
        Handover.objects.filter(invoice=invoice).update(state="conflict")
    response = sales.get(f"invoices/{invoice.id}/")
    assert response.context["left"].sums == ()
    assert "Hos ombudet är" not in text_of(response)


def test_what_was_paid_above_the_invoice_is_explained_when_the_claim_is_paid(sales: Browser) -> None:
    invoice = part_paid(sales, 127_348, agency_state="paid", claim_balance_ore=0)
    page = text_of(sales.get(f"invoices/{invoice.id}/"))
    assert "Det som har betalats utöver fakturan är räknat på ränta och avgifter hos ombudet." in page
    assert "Registrera betalning till er" not in page


def test_an_agency_that_does_not_answer_is_told_of_without_alarm(sales: Browser) -> None:
    invoice = sent_invoice(sales, "sending", claim_url="", claim_number="")
    with acting_for(sales.company.id):
        Handover.objects.filter(invoice=invoice).update(state="queued", attempts=7, last_problem="503")
    page = text_of(sales.get(f"invoices/{invoice.id}/"))
    assert "Ombudet har inte svarat än." in page
    assert "Skickas" in page


@pytest.mark.parametrize("kept", ["javascript:alert(document.cookie)//", "https://ombudet.example@elsewhere.example/"])
def test_no_link_leads_to_what_was_kept_before_addresses_were_looked_at(sales: Browser, kept: str) -> None:
    invoice = sent_invoice(sales, claim_url=kept)
    for place in (f"invoices/{invoice.id}/", "invoices/", ""):
        page = text_of(sales.get(place))
        assert kept not in page
        assert "Öppna ärende" not in page
        assert "hos ombudet:" not in page
    # What to say to the agency on the telephone.
    assert "Ärende 10472812" in text_of(sales.get(f"invoices/{invoice.id}/"))


def test_an_hour_of_silence_is_told_of_with_why_and_what_to_do(sales: Browser) -> None:
    invoice = sent_invoice(sales, "sending", number="20431", claim_url="", claim_number="")

    def silent_since(minutes: int) -> None:
        with acting_for(sales.company.id):
            Handover.objects.filter(invoice=invoice).update(
                state="queued", attempts=9, last_problem="no_answer_in_time ReadTimeout",
                first_tried_at=NOW - timedelta(minutes=minutes),
            )  # fmt: skip

    silent_since(59)
    assert "Ombudet har inte svarat än." in text_of(sales.get(f"invoices/{invoice.id}/"))
    for path in (f"invoices/{invoice.id}/", "invoices/?tab=agency"):
        assert "svarar inte i tid" not in text_of(sales.get(path))
    silent_since(60)
    page = text_of(sales.get(f"invoices/{invoice.id}/"))
    assert "Ombudet har inte svarat sedan 25 november kl. 09.30." in page
    assert "Ombudets server svarar inte i tid." in page
    assert "Ombudet har inte svarat än." not in page
    assert "några sekunder" not in page
    assert "inget går förlorat och inget skickas två gånger. Varar det mer än en dag, ring ombudet." in page
    listed = text_of(sales.get("invoices/?tab=agency"))
    assert "1 faktura är skickad men obesvarad sedan 25 november kl. 09.30." in listed
    assert '<span class="why">Ombudet har inte svarat än</span>' in listed
    assert "ReadTimeout" not in page + listed
    with acting_for(sales.company.id):
        Handover.objects.filter(invoice=invoice).update(state="acknowledged")
        invoice.agency_state = "received"
        invoice.save()
    for path in (f"invoices/{invoice.id}/", "invoices/?tab=agency"):
        assert "svarar inte i tid" not in text_of(sales.get(path))


def test_a_payment_that_does_not_reach_the_agency_is_told_of_since_a_letter_may_leave(sales: Browser) -> None:
    invoice = sent_invoice(sales)
    with acting_for(sales.company.id):
        payment = record_payment(
            sales.company.id, invoice.id, TODAY, Money(50_000), user=sales.user, today=TODAY, at=NOW
        )
        invoice.commands.filter(id=payment.id).update(
            attempts=9, last_problem="not_reached ConnectError", first_tried_at=NOW - timedelta(hours=1)
        )
    for path in (f"invoices/{invoice.id}/", "invoices/"):
        page = text_of(sales.get(path))
        assert "1 betalning eller kreditering har inte nått ombudet, som inte har svarat sedan 25 november" in page
        assert "Ring ombudet, så att inget brev skickas på det som är betalt." in page
        assert "ConnectError" not in page
    with acting_for(sales.company.id):
        invoice.commands.filter(id=payment.id).update(delivered_at=NOW)
    assert "har inte nått ombudet" not in text_of(sales.get(f"invoices/{invoice.id}/"))


def test_a_refusal_is_shown_with_what_to_do_and_the_choice_is_back(sales: Browser) -> None:
    with acting_for(sales.company.id):
        invoice = make_invoice(
            sales.company, agency_state="refused", sent_at=NOW, refusal_code="address_incomplete",
            refusal_facts={"name": "Anna Ek", "missing": "street, town"},
        )  # fmt: skip
    page = text_of(sales.get(f"invoices/{invoice.id}/"))
    assert "Ombudet tog inte emot fakturan." in page
    assert "gata eller box, ort" in page
    assert "Rätta adressen" in page
    assert "Skicka påminnelse via Ekviken Ombud" in page


def test_a_refusal_we_have_no_words_for_still_says_what_to_do(sales: Browser) -> None:
    with acting_for(sales.company.id):
        invoice = make_invoice(
            sales.company, agency_state="refused", sent_at=NOW, refusal_code="moon_is_full", refusal_facts={"a": "b"}
        )
    assert "säg koden moon_is_full" in text_of(sales.get(f"invoices/{invoice.id}/"))


def test_a_protected_address_is_not_shown(sales: Browser) -> None:
    with acting_for(sales.company.id):
        customer = make_customer(sales.company, identity_is_protected=True, street="Hemliga vägen 1")
        invoice = make_invoice(sales.company, customer)
    for path in (f"invoices/{invoice.id}/", f"reminders/new/?invoice={invoice.id}", "invoices/?tab=overdue"):
        page = text_of(sales.get(path))
        assert "Hemliga" not in page
        assert "Skyddade personuppgifter" in page


def test_a_protected_customer_is_known_by_its_number_where_others_may_look(sales: Browser, reader: Browser) -> None:
    with acting_for(sales.company.id):
        customer = make_customer(sales.company, name="Hemlig Person", number="1077", identity_is_protected=True)
        invoice = make_invoice(sales.company, customer, number="20431")
    for path in ("invoices/?tab=overdue", "reminders/new/?tab=overdue&every=1", "invoices/?q=20431"):
        page = text_of(sales.get(path))
        assert "Hemlig" not in page
        assert "Kund 1077" in page
    assert "Hemlig Person" in text_of(sales.get(f"invoices/{invoice.id}/"))
    page = text_of(reader.get(f"invoices/{invoice.id}/"))
    assert "Hemlig" not in page
    assert "Kund 1077" in page


def test_a_protected_name_cannot_be_guessed_at_by_searching(sales: Browser) -> None:
    with acting_for(sales.company.id):
        customer = make_customer(sales.company, name="Hemlig Person", number="1077", identity_is_protected=True)
        make_invoice(sales.company, customer, number="20431")
    for words, found in (("Heml", False), ("Person", False), ("hemlig person", True), ("2043", True)):
        assert ("20431" in text_of(sales.get(f"invoices/?q={words}")).split("<table")[-1]) is found, words


def test_a_note_becomes_a_line_of_history(sales: Browser) -> None:
    with acting_for(sales.company.id):
        invoice = make_invoice(sales.company)
    response = sales.post(f"invoices/{invoice.id}/notes", {"text": "Ringde Anna. <b>Lovade</b> betala."})
    assert response.status_code == 302
    page = text_of(sales.get(f"invoices/{invoice.id}/"))
    assert "Ringde Anna. &lt;b&gt;Lovade&lt;/b&gt; betala." in page
    assert "Maja Lind, anteckning" in page


def test_an_empty_note_is_refused_beside_the_field(sales: Browser) -> None:
    with acting_for(sales.company.id):
        invoice = make_invoice(sales.company)
    response = sales.post(f"invoices/{invoice.id}/notes", {"text": "  "})
    assert response.status_code == 422
    with acting_for(sales.company.id):
        assert not HistoryLine.objects.filter(invoice=invoice).exists()


def test_a_reader_may_look_but_not_write(sales: Browser, reader: Browser) -> None:
    with acting_for(sales.company.id):
        invoice = make_invoice(sales.company)
    page = text_of(reader.get(f"invoices/{invoice.id}/"))
    assert "Spara anteckningen" not in page
    assert "Åtgärder" not in page
    assert reader.post(f"invoices/{invoice.id}/notes", {"text": "Hej"}).status_code == 403
    with acting_for(sales.company.id):
        assert not HistoryLine.objects.filter(invoice=invoice).exists()


def test_another_companys_invoice_does_not_exist(sales: Browser, stranger: Browser) -> None:
    with acting_for(sales.company.id):
        invoice = make_invoice(sales.company)
    assert stranger.client.get(sales.url(f"invoices/{invoice.id}/")).status_code == 404
    assert stranger.get(f"invoices/{invoice.id}/").status_code == 404
    assert stranger.post(f"invoices/{invoice.id}/notes", {"text": "Hej"}).status_code == 404


def test_a_customer_changed_after_the_sending_shows_what_the_agency_has(sales: Browser) -> None:
    tenant = sales.company.id
    with acting_for(tenant):
        invoice = make_invoice(sales.company)
        hand_over_invoices(
            tenant, [invoice.id], shown=shown_for(tenant, [invoice.id]), user=sales.user, today=TODAY, at=NOW
        )
    path = f"invoices/{invoice.id}/"
    assert "Adress hos ombudet" not in text_of(sales.get(path))
    address = Address(street="Nygatan 1", postcode="123 48", town="Sjöberga", country="NO")
    with acting_for(tenant):
        mend_address(tenant, invoice.customer_id, address, user=sales.user, at=NOW)
    page = " ".join(text_of(sales.get(path)).split())
    assert "<dt>Adress</dt><dd>Nygatan 1<br>123 48 Sjöberga<br>Norge</dd>" in page
    assert "<dt>Adress hos ombudet</dt><dd>Björkvägen 7<br>123 46 Lillsjön<br>" in page
    assert "Adressen rättades. Ombudet har kvar de uppgifter som skickades." in page
    assert "Här har adressen ändrats sedan fakturan skickades. Ombudet har kvar det som skickades." in page
    with acting_for(tenant):
        # A country that is none, as an old ledger may hold it: no message could carry it.
        Customer.objects.update(country="1A")
    assert "Här har adressen ändrats sedan fakturan skickades." in text_of(sales.get(path))
    with acting_for(tenant):
        Customer.objects.update(country="SE", street="Björkvägen 7", postcode="123 46", town="Lillsjön", name="Ann Ek")
    page = text_of(sales.get(path))
    assert "Här har namnet ändrats sedan fakturan skickades." in page
    assert "Adress hos ombudet" not in page
    with acting_for(tenant):
        Customer.objects.update(town="Sjöberga")
    with acting_for(tenant):
        Invoice.objects.update(agency_state="closed")
    page = text_of(sales.get(path))
    assert "Adress hos ombudet" in page
    assert "sedan fakturan skickades" not in page


def test_an_invoice_refused_or_never_sent_has_no_other_address_at_the_agency(sales: Browser) -> None:
    tenant = sales.company.id
    with acting_for(tenant):
        invoice = make_invoice(sales.company)
        hand_over_invoices(
            tenant, [invoice.id], shown=shown_for(tenant, [invoice.id]), user=sales.user, today=TODAY, at=NOW
        )
        Handover.objects.update(state="refused")
        Invoice.objects.update(agency_state="refused", refusal_code="address_incomplete")
        mend_address(tenant, invoice.customer_id, Address(street="Nygatan 1"), user=sales.user, at=NOW)
    page = text_of(sales.get(f"invoices/{invoice.id}/"))
    assert "Adressen rättades." in page
    for words in ("Adress hos ombudet", "sedan fakturan skickades", "Ombudet har kvar"):
        assert words not in page
