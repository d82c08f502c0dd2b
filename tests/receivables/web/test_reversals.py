"""Taking back a payment that the agency was told of: what the pages say before, meanwhile and after its answer."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from punktlig.core.money import Money
from punktlig.exchange.messages import ClaimStatus, EventKind
from punktlig.receivables.actions.events import apply_events
from punktlig.receivables.actions.handovers import hand_over_invoices
from punktlig.receivables.actions.payments import record_payment
from punktlig.receivables.records.models import Command, Handover, Invoice, Payment
from punktlig.tenancy.context import acting_for
from tests.receivables.actions.test_events import event_of
from tests.receivables.sending_samples import NOW, TODAY, make_customer, make_invoice, shown_for
from tests.receivables.web.test_taking_back import ASK, page_of, taking_back, text_of

if TYPE_CHECKING:
    from tests.receivables.web.conftest import Browser

pytestmark = pytest.mark.django_db

ASKED = "Tas tillbaka, på begäran 25 november av Maja Lind. Den räknas tills ombudet har svarat."


def told_payment(browser: Browser, amount_ore: int = 120_000) -> Payment:
    """Return a payment recorded while the agency had the invoice."""
    with acting_for(browser.company.id):
        invoice = make_invoice(browser.company, make_customer(browser.company), number="20431")
        shown = shown_for(browser.company.id, [invoice.id])
        hand_over_invoices(browser.company.id, [invoice.id], shown=shown, user=browser.user, today=TODAY, at=NOW)
        return record_payment(
            browser.company.id, invoice.id, TODAY, Money(amount_ore), user=browser.user, today=TODAY, at=NOW
        )


def hear(browser: Browser, payment: Payment, kind: str, sequence: int, status: str, **facts: str) -> None:
    """Let the agency answer what was last told of the payment: the reversal when there is one."""
    with acting_for(browser.company.id):
        own = Command.objects.get(id=payment.id)
        answered = Command.objects.filter(reverses=payment.id).order_by("-created_at").first() or own
        if answered.reverses:
            facts["reverses"] = str(answered.reverses)
        event = event_of(
            Handover.objects.get(invoice=payment.invoice_id), sequence, kind, status, command_id=str(answered.id),
            amount=str(Money(payment.amount_ore)), day=TODAY.isoformat(), **facts,
        )  # fmt: skip
        assert apply_events(browser.company.id, [event], at=NOW + timedelta(minutes=sequence)) == 1


def test_a_payment_that_ended_the_claim_is_taken_back_and_the_claim_goes_on(sales: Browser) -> None:
    payment = told_payment(sales)
    hear(sales, payment, EventKind.PAYMENT_CONFIRMED, 2, ClaimStatus.PAID)
    before = sales.get(page_of(payment))
    assert sales.url(taking_back(payment)) in before.content.decode()
    assert ASK not in text_of(before)
    shown = text_of(sales.get(taking_back(payment)))
    for words in ("Betalningen är rapporterad till Ekviken Ombud. Tar ni tillbaka den får Ekviken Ombud veta det",
                  "och den räknas inte längre i ärendet. Ärendet är klart nu, men öppnas igen",
                  "Kvar att betala nu 0,00 kr", "Kvar att betala efteråt 1 200,00 kr",
                  "Den räknas här tills ombudet har svarat."):  # fmt: skip
        assert words in shown
    answer = sales.post(taking_back(payment))
    assert (answer.status_code, answer.headers["Location"]) == (302, sales.url(page_of(payment)))
    meanwhile = sales.get(page_of(payment))
    for words in ("Ekviken Ombud får veta att betalningen 1 200,00 kr på faktura 20431 tas tillbaka. Den räknas tills",
                  ASKED, "tas tillbaka 1 200,00",
                  "Betalning 1 200,00 kr den 25 november ska tas tillbaka."):  # fmt: skip
        assert words in text_of(meanwhile)
    assert "taking-back" not in meanwhile.content.decode()
    assert "<s>" not in meanwhile.content.decode()
    assert "20431" in text_of(sales.get("invoices/?tab=paid"))
    hear(sales, payment, EventKind.PAYMENT_REVERSED, 3, ClaimStatus.RECEIVED, principal="1200.00")
    after = sales.get(page_of(payment))
    for words in ("Tillbakatagen 25 november av Maja Lind.", "tillbakatagen 1 200,00",
                  "Betalningen 1 200,00 kr är tillbakatagen, också hos ombudet."):  # fmt: skip
        assert words in text_of(after)
    assert "<s>1\u00a0200,00</s>" in after.content.decode()
    assert ASKED not in text_of(after)
    assert "20431" in text_of(sales.get("invoices/?tab=agency"))
    assert "20431" not in text_of(sales.get("invoices/?tab=paid"))


def test_the_road_of_a_claim_that_was_opened_again_has_no_end_and_no_letter_that_was_stopped(sales: Browser) -> None:
    payment = told_payment(sales)
    hear(sales, payment, EventKind.REMINDER_ISSUED, 2, ClaimStatus.REMINDER_ISSUED)
    hear(sales, payment, EventKind.PAYMENT_CONFIRMED, 3, ClaimStatus.PAID)
    hear(sales, payment, EventKind.REMINDER_STOPPED, 4, ClaimStatus.PAID)
    hear(sales, payment, EventKind.CLAIM_PAID, 5, ClaimStatus.PAID)

    def road() -> str:
        return text_of(sales.get(page_of(payment))).split("Hos ombudet")[-1].split("Historik")[0]

    assert "Påminnelse skapad" in road()
    assert "Betald " in road()
    sales.post(taking_back(payment))
    hear(sales, payment, EventKind.PAYMENT_REVERSED, 6, ClaimStatus.RECEIVED)
    assert "Påminnelse skapas" in road()
    assert "Påminnelse skapad" not in road()
    assert "Betald" not in road()
    hear(sales, payment, EventKind.REMINDER_ISSUED, 7, ClaimStatus.REMINDER_ISSUED)
    assert "Påminnelse skapad" in road()


def test_a_double_click_and_an_old_tab_ask_once_and_say_so(sales: Browser) -> None:
    payment = told_payment(sales, 20_000)
    assert "öppnas igen" not in text_of(sales.get(taking_back(payment)))
    for ask in (sales.post, sales.post, sales.get):
        assert ask(taking_back(payment)).status_code == 302
        assert "får veta att betalningen 200,00 kr" in text_of(sales.get(page_of(payment)))
    with acting_for(sales.company.id):
        assert Command.objects.filter(reverses=payment.id).count() == 1
        assert Invoice.objects.get().paid_ore == 20_000


def test_a_payment_in_a_letter_that_has_left_stands_and_says_why_and_whom_to_ask(sales: Browser) -> None:
    payment = told_payment(sales, 20_000)
    sales.post(taking_back(payment))
    sales.get(page_of(payment))
    hear(sales, payment, EventKind.COMMAND_REFUSED, 3, ClaimStatus.REMINDER_SENT, code="payment_in_letter")
    page = sales.get(page_of(payment))
    why = "Betalningen är inräknad i en påminnelse som redan har skickats eller ligger hos tryckeriet."
    assert f"Ombudet tog inte tillbaka den. {why} {ASK} Ekviken Ombud." in text_of(page)
    assert "taking-back" not in page.content.decode()
    assert sales.post(taking_back(payment)).status_code == 422
    overview = text_of(sales.get(""))
    assert "Betalning kvar Faktura 20431 till Anna Ek har en betalning på 200,00 kr som ombudet inte tog" in overview
    assert f"{why} Ring ombudet." in overview


def test_one_that_the_agencys_own_people_took_back_says_so_and_asks_nothing_more(sales: Browser) -> None:
    payment = told_payment(sales, 20_000)
    sales.post(taking_back(payment))
    hear(sales, payment, EventKind.COMMAND_REFUSED, 3, ClaimStatus.REMINDER_SENT, code="payment_in_letter")
    with acting_for(sales.company.id):
        event = event_of(
            Handover.objects.get(invoice=payment.invoice_id), 4, EventKind.PAYMENT_REVERSED, ClaimStatus.RECEIVED,
            command_id=str(uuid4()), reverses=str(payment.id), amount="200.00", note="fel faktura",
        )  # fmt: skip
        apply_events(sales.company.id, [event], at=NOW + timedelta(minutes=4))
    page = sales.get(page_of(payment))
    assert "Tillbakatagen 25 november av ombudet." in text_of(page)
    assert "Ombudets skäl: fel faktura." in text_of(page)
    assert ASK not in text_of(page)
    assert "<s>200,00</s>" in page.content.decode()
    assert "Betalning kvar" not in text_of(sales.get(""))


def test_a_refusal_of_another_kind_can_be_tried_once_more(sales: Browser) -> None:
    payment = told_payment(sales, 20_000)
    sales.post(taking_back(payment))
    hear(sales, payment, EventKind.COMMAND_REFUSED, 3, ClaimStatus.RECEIVED, code="payment_ahead")
    page = sales.get(page_of(payment))
    assert "Ombudet tog inte tillbaka den." in text_of(page)
    assert sales.url(taking_back(payment)) in page.content.decode()
    sales.post(taking_back(payment))
    assert ASKED in text_of(sales.get(page_of(payment)))
    assert "Betalning kvar" not in text_of(sales.get(""))


def test_what_the_agency_does_not_count_is_shown_as_taken_back(sales: Browser) -> None:
    payment = told_payment(sales, 20_000)
    sales.post(taking_back(payment))
    hear(sales, payment, EventKind.COMMAND_REFUSED, 3, ClaimStatus.RECEIVED, code="payment_not_counted")
    page = sales.get(page_of(payment))
    for words in ("Tillbakatagen 25 november av Maja Lind.", "Betalning 200,00 kr den 25 november togs tillbaka.",
                  "Ombudet hade inte räknat in betalningen 200,00 kr"):  # fmt: skip
        assert words in text_of(page)
    assert "<s>200,00</s>" in page.content.decode()
    assert "Betalning kvar" not in text_of(sales.get(""))


def test_a_payment_that_the_agency_refused_is_taken_back_at_once(sales: Browser) -> None:
    payment = told_payment(sales, 20_000)
    hear(sales, payment, EventKind.COMMAND_REFUSED, 3, ClaimStatus.RECEIVED, code="payment_ahead")
    assert "Betalningen räknas inte längre." in text_of(sales.get(taking_back(payment)))
    sales.post(taking_back(payment))
    page = text_of(sales.get(page_of(payment)))
    assert "Betalningen 200,00 kr på faktura 20431 är tillbakatagen." in page
    assert "inte inräknad 200,00" in page


def test_a_reversal_that_does_not_reach_the_agency_is_told_of_after_an_hour(sales: Browser) -> None:
    payment = told_payment(sales, 20_000)
    sales.post(taking_back(payment))
    with acting_for(sales.company.id):
        Command.objects.filter(id=payment.id).update(delivered_at=NOW)
        Command.objects.filter(reverses=payment.id).update(
            first_tried_at=NOW - timedelta(hours=2), last_problem="not_reached "
        )
    for page in (sales.get(page_of(payment)), sales.get("")):
        assert "1 betalning som ska tas tillbaka hos ombudet väntar sedan" in text_of(page)
        assert "så att inget brev skickas" not in text_of(page)


def test_a_reader_sees_how_it_goes_and_may_not_ask(sales: Browser, reader: Browser) -> None:
    payment = told_payment(sales, 20_000)
    assert "taking-back" not in reader.get(page_of(payment)).content.decode()
    for answer in (reader.get(taking_back(payment)), reader.post(taking_back(payment))):
        assert answer.status_code == 403
    with acting_for(sales.company.id):
        assert not Command.objects.filter(reverses=payment.id).exists()
    sales.post(taking_back(payment))
    assert ASKED in text_of(reader.get(page_of(payment)))


def test_it_is_said_in_english_too(sales: Browser) -> None:
    payment = told_payment(sales)
    hear(sales, payment, EventKind.PAYMENT_CONFIRMED, 2, ClaimStatus.PAID)
    sales.client.post("/language", {"language": "en", "next": "/"})
    shown = text_of(sales.get(taking_back(payment)))
    assert "The payment has been reported to Ekviken Ombud. If you take it back, Ekviken Ombud is told" in shown
    sales.post(taking_back(payment))
    page = text_of(sales.get(page_of(payment)))
    assert "Being taken back, as asked on 25 November by Maja Lind. It counts until the agency has answered." in page
    hear(sales, payment, EventKind.PAYMENT_REVERSED, 3, ClaimStatus.RECEIVED, principal="1200.00")
    assert "has been taken back, at the agency too." in text_of(sales.get(page_of(payment)))
