"""Taking back a payment on its page: what is shown before, what is confirmed once, and who may."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from punktlig.core.money import Money
from punktlig.receivables.actions.handovers import hand_over_invoices
from punktlig.receivables.actions.payments import record_payment
from punktlig.receivables.records.models import HistoryLine, Invoice, Payment
from punktlig.tenancy.context import acting_for
from tests.receivables.sending_samples import NOW, TODAY, make_company, make_invoice, pay, shown_for

if TYPE_CHECKING:
    from typing import Any

    from tests.receivables.web.conftest import Browser

pytestmark = pytest.mark.django_db

ASK = "Ombudet har fått veta om den. Är den fel: ring"


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode().replace("\u00a0", " ")).split())


def paid_invoice(browser: Browser, amount_ore: int = 120_000) -> Payment:
    with acting_for(browser.company.id):
        return pay(make_invoice(browser.company, number="20431"), amount_ore)


def page_of(payment: Payment) -> str:
    return f"invoices/{payment.invoice_id}/"


def taking_back(payment: Payment) -> str:
    return f"invoices/{payment.invoice_id}/payments/{payment.id}/taking-back"


def hand_over(browser: Browser, payment: Payment) -> None:
    with acting_for(browser.company.id):
        ids = [payment.invoice_id]
        shown = shown_for(browser.company.id, ids)
        assert hand_over_invoices(browser.company.id, ids, shown=shown, user=browser.user, today=TODAY, at=NOW).sent


def test_the_page_says_what_will_happen_and_one_confirmation_does_it(sales: Browser) -> None:
    payment = paid_invoice(sales)
    invoice_page = sales.get(page_of(payment))
    assert f'href="{sales.url(taking_back(payment))}"' in invoice_page.content.decode()
    shown = text_of(sales.get(taking_back(payment)))
    for words in ("Anna Ek", "15 november 2026", "Betalning 1 200,00 kr", "Kvar att betala nu 0,00 kr",
                  "Kvar att betala efteråt 1 200,00 kr", "i historiken står vem som tog tillbaka den"):  # fmt: skip
        assert words in shown
    answer = sales.post(taking_back(payment))
    assert (answer.status_code, answer.headers["Location"]) == (302, sales.url(page_of(payment)))
    after = sales.get(page_of(payment))
    for words in ("Betalningen 1 200,00 kr på faktura 20431 är tillbakatagen.", "Förfallen",
                  "Tillbakatagen 25 november av Maja Lind.", "Betalning 1 200,00 kr den 15 november togs tillbaka.",
                  "Skicka påminnelse via Ekviken Ombud"):  # fmt: skip
        assert words in text_of(after)
    assert "taking-back" not in after.content.decode()
    assert "<s>1\u00a0200,00</s>" in after.content.decode()


def test_the_list_follows(sales: Browser) -> None:
    payment = paid_invoice(sales, 50_000)
    assert "500,00" in text_of(sales.get("invoices/?tab=unpaid"))
    sales.post(taking_back(payment), follow=True)
    listed = text_of(sales.get("invoices/?tab=unpaid"))
    assert "20431" in listed
    assert "500,00" not in listed


def test_a_double_click_and_an_old_tab_take_it_back_once_and_say_so(sales: Browser) -> None:
    payment = paid_invoice(sales)
    for answer in (*(sales.post(taking_back(payment)) for _ in range(2)), sales.get(taking_back(payment))):
        assert answer.status_code == 302
    assert "är tillbakatagen" in text_of(sales.get(page_of(payment)))
    with acting_for(sales.company.id):
        assert HistoryLine.objects.filter(code="payment_taken_back").count() == 1
        assert Invoice.objects.get().paid_ore == 0


def test_a_tab_from_before_the_handover_is_told_whom_to_ask(sales: Browser, letterhead: None) -> None:  # noqa: ARG001
    payment = paid_invoice(sales, 20_000)
    assert "<button" in sales.get(taking_back(payment)).content.decode().split("<main")[1]
    hand_over(sales, payment)
    for answer, status in ((sales.post(taking_back(payment)), 422), (sales.get(taking_back(payment)), 200)):
        assert answer.status_code == status
        assert f"{ASK} Ekviken Ombud, 08-465 004 10." in text_of(answer)
        assert "<form" not in answer.content.decode().split("<main")[1].split("</main")[0]
        assert "Kvar att betala efteråt" not in text_of(answer)
    with acting_for(sales.company.id):
        assert Invoice.objects.get().paid_ore == 20_000


def test_the_row_of_a_sent_invoice_says_whom_to_ask_and_has_no_button(sales: Browser) -> None:
    payment = paid_invoice(sales, 20_000)
    hand_over(sales, payment)
    page = sales.get(page_of(payment))
    assert f"{ASK} Ekviken Ombud." in text_of(page)
    assert "taking-back" not in page.content.decode()


def test_what_was_booked_when_the_agency_was_done_can_be_taken_back(sales: Browser) -> None:
    along = paid_invoice(sales, 20_000)
    hand_over(sales, along)
    with acting_for(sales.company.id):
        Invoice.objects.update(agency_state="closed")
        after = record_payment(
            sales.company.id, along.invoice_id, TODAY, Money(10_000), user=sales.user, today=TODAY, at=NOW
        )
    page = sales.get(page_of(along)).content.decode()
    assert sales.url(taking_back(after)) in page
    assert sales.url(taking_back(along)) not in page
    assert sales.post(taking_back(after)).status_code == 302
    assert sales.post(taking_back(along)).status_code == 422


def test_a_reader_sees_the_payment_and_may_not_take_it_back(sales: Browser, reader: Browser) -> None:
    payment = paid_invoice(sales)
    page = reader.get(page_of(payment)).content.decode()
    assert "taking-back" not in page
    assert ASK not in page
    for answer in (reader.get(taking_back(payment)), reader.post(taking_back(payment))):
        assert answer.status_code == 403
    with acting_for(sales.company.id):
        assert Invoice.objects.get().paid_ore == 120_000


def test_another_companys_payment_and_another_invoices_are_not_there(sales: Browser) -> None:
    other = make_company()
    with acting_for(other.id):
        theirs = pay(make_invoice(other), 20_000)
    ours = paid_invoice(sales)
    with acting_for(sales.company.id):
        another = make_invoice(sales.company)
    for path in (
        taking_back(theirs),
        f"invoices/{ours.invoice_id}/payments/{theirs.id}/taking-back",
        f"invoices/{another.id}/payments/{ours.id}/taking-back",
    ):
        assert sales.get(path).status_code == 404
        assert sales.post(path).status_code == 404
    with acting_for(other.id):
        assert Invoice.objects.get().paid_ore == 20_000


def test_the_form_that_booked_it_books_another_only_when_sent_once_more(sales: Browser) -> None:
    with acting_for(sales.company.id):
        invoice = make_invoice(sales.company, number="20431")
    path = f"invoices/{invoice.id}/payments"
    token = "0c9b7f0e-8d3c-4d0e-9d52-5f6d2c1b7a01"  # noqa: S105 - of a form
    form = {"amount": "200", "day": TODAY.isoformat(), "note": "", "form_token": token}
    sales.post(path, form)
    with acting_for(sales.company.id):
        payment = Payment.objects.get()
    sales.post(taking_back(payment))
    refused = sales.post(path, form)
    assert refused.status_code == 422
    assert "har tagits tillbaka" in text_of(refused)
    (new,) = re.findall(r'name="form_token" value="([^"]+)"', refused.content.decode())
    assert new != token
    assert sales.post(path, form | {"form_token": new}).status_code == 302
    with acting_for(sales.company.id):
        assert Invoice.objects.get().paid_ore == 20_000
        assert Payment.objects.count() == 2


def test_it_is_said_in_english_too(sales: Browser) -> None:
    payment = paid_invoice(sales)
    sales.client.post("/language", {"language": "en", "next": "/"})
    assert "Left to pay afterwards SEK 1,200.00" in text_of(sales.get(taking_back(payment)))
    sales.post(taking_back(payment))
    page = text_of(sales.get(page_of(payment)))
    assert "Taken back on 25 November by Maja Lind." in page
    assert "The payment of SEK 1,200.00 on 15 November was taken back." in page
