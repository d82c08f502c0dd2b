"""Sending: everything is shown first, one confirmation sends, and nothing is sent that was not seen."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.test import Client

from punktlig import clock
from punktlig.receivables.records.models import (
    Activation,
    Company,
    Customer,
    Handover,
    HeardRate,
    HistoryLine,
    Invoice,
)
from punktlig.receivables.records.sending_run import SendingRun, SendingRunPart
from punktlig.tenancy.context import acting_for
from tests.receivables.sending_samples import NOW, TODAY, make_customer, make_invoice, make_terms, pay

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any
    from uuid import UUID

    from tests.receivables.web.conftest import Browser

pytestmark = pytest.mark.django_db


def invoice_of(browser: Browser, customer: Customer | None = None, **changes: Any) -> Invoice:
    with acting_for(browser.company.id):
        return make_invoice(browser.company, customer, **changes)


def address(invoices: Sequence[Invoice]) -> str:
    return "reminders/new/?" + "&".join(f"invoice={invoice.id}" for invoice in invoices)


def text_of(response: Any) -> str:
    return str(response.content.decode()).replace("\u00a0", " ")


def form_of(response: Any) -> dict[str, str]:
    """Return the hidden fields of the form with the confirmation, but for the token that differs each time."""
    page = response.content.decode()
    form = next(form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if 'name="shown"' in form)
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    return {name: value for name, value in found.items() if name != "csrfmiddlewaretoken"}


def handovers(browser: Browser) -> list[UUID]:
    with acting_for(browser.company.id):
        return list(Handover.objects.values_list("invoice_id", flat=True))


# ---- One ----------------------------------------------------------------------------------------------------------


def test_the_preview_shows_recipient_amounts_with_reasons_and_what_happens_next(sales: Browser) -> None:
    Company.objects.filter(id=sales.company.id).update(
        payments_through=TODAY - timedelta(days=1), payments_read_at=NOW - timedelta(hours=2)
    )
    invoice = invoice_of(sales, number="20431")
    page = text_of(sales.get(address([invoice])))
    for words in (
        "Anna Ek",
        "Björkvägen 7, 123 46 Lillsjön",
        "Fakturans belopp",
        "Påminnelseavgift",
        "Står i era villkor sedan 1 januari 2024. Lag (1981:739) 2 §.",
        "Dröjsmålsränta till 26 november",
        "10,00 % på 1 200,00 kr i 42 dagar, från 16 oktober. 6 § räntelagen. Växer med 0,33 kr om dagen.",
        "13,81",  # 1200 × 0.10 × 42 ÷ 365
        "1 273,81 kr",
        "Betalningar inlästa i dag 08.30, till och med 24 november.",
        "Ingen betalning är registrerad på fakturan.",
        "26 november",
        "4 december",
        "Obetalt: ni bestämmer vad som händer.",
    ):
        assert words in page, words
    assert handovers(sales) == []


def test_the_preview_says_why_interest_begins_later_where_banks_were_closed_on_the_due_date(sales: Browser) -> None:
    page = text_of(sales.get(address([invoice_of(sales, due_date=date(2026, 10, 3))])))
    # 3 October is a Saturday: Monday was in time, and interest runs from Tuesday.
    assert "från 6 oktober. 3 oktober var ingen bankdag, så betalning till och med 5 oktober var i tid." in page


@pytest.mark.parametrize("decided", [False, True])
def test_the_preview_says_why_a_consumer_abroad_pays_a_fee_and_interest_or_not(
    sales: Browser, *, decided: bool
) -> None:
    with acting_for(sales.company.id):
        Activation.objects.update(charges_consumers_abroad=decided)
        dane = make_customer(sales.company, name="Mette Holmgaard", postcode="3000", town="Helsingør", country="DK")
    page = text_of(sales.get(address([invoice_of(sales, customer=dane)])))
    chosen = "Ni har valt att även konsumenter utomlands betalar den."
    spared = [
        f"En konsument utomlands betalar ingen {what}, eftersom ni inte har valt det i inställningarna."
        for what in ("avgift", "ränta")
    ]
    assert page.count(chosen) == (2 if decided else 0)
    assert [words in page for words in spared] == [not decided] * 2
    assert ("1 273,81 kr" if decided else "1 200,00 kr") in page
    # Of anybody else nothing is said of it.
    other = invoice_of(sales)
    assert "utomlands" not in text_of(sales.get(address([other])))
    many = text_of(sales.get(address([other, invoice_of(sales)])))
    assert "utomlands" not in many
    many = text_of(sales.get(address([other, invoice_of(sales, customer=dane)])))
    assert "1 går till en konsument utomlands, som betalar " + (
        "avgift och ränta som andra, eftersom ni har valt det."
        if decided
        else "varken avgift eller ränta, eftersom ni inte har valt det i inställningarna."
    ) in many  # fmt: skip


def test_htmx_gets_the_same_as_a_dialog(sales: Browser) -> None:
    invoice = invoice_of(sales)
    fragment = text_of(sales.fragment(address([invoice])))
    assert fragment.lstrip().startswith('<dialog class="dialog"')
    assert "data-modal" in fragment
    assert "1 273,81 kr" in fragment
    assert form_of(sales.fragment(address([invoice]))) == form_of(sales.get(address([invoice])))


def test_confirming_sends_once_and_says_so_on_the_invoice(sales: Browser) -> None:
    invoice = invoice_of(sales)
    form = form_of(sales.get(address([invoice])))
    response = sales.post(address([invoice]), form)
    assert response.status_code == 302
    assert response["Location"] == sales.url(f"invoices/{invoice.id}/")
    page = text_of(sales.client.get(response["Location"]))
    assert "Påminnelsen är på väg till Ekviken Ombud." in page
    assert "Skickas" in page
    assert "Skicka påminnelse" not in page
    assert "Skickad till ombudet." in page
    assert handovers(sales) == [invoice.id]


def test_the_same_confirmation_again_sends_nothing_and_leads_to_the_invoice(sales: Browser) -> None:
    invoice = invoice_of(sales)
    form = form_of(sales.get(address([invoice])))
    sales.post(address([invoice]), form)
    response = sales.post(address([invoice]), form)
    assert response["Location"] == sales.url(f"invoices/{invoice.id}/")
    assert "kan inte skickas en gång till" in text_of(sales.client.get(response["Location"]))
    assert handovers(sales) == [invoice.id]


def test_an_invoice_that_is_sent_has_a_friendly_page_instead_of_a_preview(sales: Browser) -> None:
    invoice = invoice_of(sales, number="20431", agency_state="received", sent_at=NOW, claim_number="123",
                         claim_url="https://ombudet.example/1")  # fmt: skip
    for response in (sales.get(address([invoice])), sales.fragment(address([invoice]))):
        page = text_of(response)
        assert "Faktura 20431 är redan skickad" in page
        assert "Öppna ärende 123" in page
        assert 'name="shown"' not in page


def test_a_payment_after_the_preview_shows_it_again_with_what_changed(sales: Browser) -> None:
    invoice = invoice_of(sales)
    form = form_of(sales.get(address([invoice])))
    with acting_for(sales.company.id):
        pay(invoice, 50_000)
    response = sales.post(address([invoice]), form)
    assert response.status_code == 409
    page = text_of(response)
    assert "Inget har skickats." in page
    assert "Kvar att betala var 1 200,00 kr och är nu 700,00 kr." in page
    assert handovers(sales) == []
    assert sales.post(address([invoice]), form_of(response)).status_code == 302
    assert handovers(sales) == [invoice.id]


def test_a_new_address_or_a_new_day_is_named_as_what_changed(sales: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    invoice = invoice_of(sales)
    form = form_of(sales.get(address([invoice])))
    with acting_for(sales.company.id):
        Customer.objects.update(street="Nya vägen 1")
    assert "Mottagaren eller adressen är en annan." in text_of(sales.post(address([invoice]), form))
    form = form_of(sales.get(address([invoice])))
    monkeypatch.setattr(clock, "today", lambda: TODAY + timedelta(days=1))
    assert "Brevet får en annan dag: 27 november." in text_of(sales.post(address([invoice]), form))
    assert handovers(sales) == []


def test_a_new_day_alone_is_said_to_be_what_changed(sales: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    friday = date(2026, 11, 27)
    monkeypatch.setattr(clock, "today", lambda: friday)
    invoice = invoice_of(sales)
    form = form_of(sales.get(address([invoice])))
    monkeypatch.setattr(clock, "today", lambda: friday + timedelta(days=1))
    response = sales.post(address([invoice]), form)
    assert response.status_code == 409
    page = text_of(response)
    assert "En ny dag har börjat sedan du granskade, och summorna är räknade på nytt." in page
    assert "Uppgifter på fakturan har ändrats." not in page  # both days' letters are made on Monday
    assert "Brevet får en annan dag" not in page
    assert sales.post(address([invoice]), form_of(response)).status_code == 302
    assert handovers(sales) == [invoice.id]


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"shown": "0" * 64},
        {"shown": "x", "saw_left": "9" * 400, "saw_total": "−1", "saw_today": "2026-99-99"},
    ],
)
def test_a_confirmation_of_something_never_shown_sends_nothing(sales: Browser, form: dict[str, str]) -> None:
    invoice = invoice_of(sales)
    assert sales.post(address([invoice]), form).status_code == 409
    assert handovers(sales) == []


def test_a_session_that_ended_before_the_confirmation_comes_back_to_the_preview(sales: Browser) -> None:
    invoice = invoice_of(sales)
    form = form_of(sales.get(address([invoice])))
    sales.client.logout()
    response = sales.post(address([invoice]), form)
    assert response.status_code == 302
    assert "/accounts/login/?next=" in response["Location"]
    sales.client.force_login(sales.user, "django.contrib.auth.backends.ModelBackend")
    from urllib.parse import parse_qs, urlsplit  # noqa: PLC0415

    back = parse_qs(urlsplit(response["Location"]).query)["next"][0]
    page = text_of(sales.client.get(back))
    assert "1 273,81 kr" in page
    assert handovers(sales) == []


def test_a_reader_may_neither_see_the_preview_nor_send(sales: Browser, reader: Browser) -> None:
    invoice = invoice_of(sales)
    form = form_of(sales.get(address([invoice])))
    assert reader.get(address([invoice])).status_code == 403
    assert reader.post(address([invoice]), form).status_code == 403
    assert handovers(sales) == []


def test_another_companys_invoice_is_not_found_and_not_sent(sales: Browser, stranger: Browser) -> None:
    invoice = invoice_of(sales)
    form = form_of(sales.get(address([invoice])))
    assert stranger.get(address([invoice])).status_code == 404
    assert stranger.client.post(sales.url(address([invoice])), form).status_code == 404
    stranger.post(address([invoice]), form)
    assert handovers(sales) == []


def test_without_the_forms_token_nothing_is_sent(sales: Browser) -> None:
    invoice = invoice_of(sales)
    form = form_of(sales.get(address([invoice])))
    strict = Client(headers=sales.client.defaults and {"host": "localhost", "x-forwarded-proto": "https"},
                    enforce_csrf_checks=True)  # fmt: skip
    strict.cookies = sales.client.cookies
    assert strict.post(sales.url(address([invoice])), form).status_code == 403
    assert handovers(sales) == []


def test_the_customers_share_of_a_rot_invoice_is_what_is_asked_for(sales: Browser) -> None:
    invoice = invoice_of(sales, payable_ore=4_350_000, deduction="rot", share_ore=3_466_500, remaining_ore=3_466_500,
                         share_is_confirmed=True)  # fmt: skip
    page = text_of(sales.get(address([invoice])))
    for words in ("Skatteverkets del (ROT)", "−8 835,00", "Kundens del", "34 665,00", "på 34 665,00 kr"):
        assert words in page


def test_old_payment_data_are_warned_of(sales: Browser) -> None:
    Company.objects.filter(id=sales.company.id).update(payments_through=TODAY - timedelta(days=20))
    page = text_of(sales.get(address([invoice_of(sales)])))
    assert "Kontrollera att kunden inte har betalat innan du skickar." in page


# ---- Mending ------------------------------------------------------------------------------------------------------


def test_a_missing_address_is_mended_in_place_and_comes_back_to_the_preview(sales: Browser) -> None:
    with acting_for(sales.company.id):
        customer = make_customer(sales.company, street="")
    invoice = invoice_of(sales, customer)
    page = text_of(sales.get(address([invoice])))
    assert "Rätta adressen, så kan fakturan skickas." in page
    assert 'name="shown"' not in page
    back = sales.url(address([invoice]))
    told = {"street": "Nygatan 1", "postcode": "702 10", "town": "Örebro", "country": "SE", "next": back}
    response = sales.post(f"reminders/customers/{customer.id}/address", told)
    assert response["Location"] == back
    assert "Nygatan 1, 702 10 Örebro" in text_of(sales.client.get(back))
    assert form_of(sales.client.get(back))["shown"]


def test_the_kind_of_customer_is_said_in_place(sales: Browser) -> None:
    with acting_for(sales.company.id):
        customer = make_customer(sales.company, kind="", identity_number="")
    invoice = invoice_of(sales, customer)
    assert "Vem är kunden?" in text_of(sales.get(address([invoice])))
    told = {"kind": "consumer", "next": sales.url(address([invoice]))}
    assert sales.post(f"reminders/customers/{customer.id}/kind", told).status_code == 302
    assert form_of(sales.get(address([invoice])))["shown"]


def test_a_mend_that_is_not_whole_is_asked_for_again(sales: Browser) -> None:
    with acting_for(sales.company.id):
        customer = make_customer(sales.company, street="")
    for path, told in (("address", {"street": ""}), ("kind", {"kind": "moon"})):
        response = sales.post(f"reminders/customers/{customer.id}/{path}", told)
        assert response.status_code == 422
        assert "error-summary" in text_of(response)


def test_a_mend_never_leads_to_another_site(sales: Browser) -> None:
    with acting_for(sales.company.id):
        customer = make_customer(sales.company)
    told = {"street": "A 1", "postcode": "702 10", "town": "Örebro", "next": "https://evil.example/"}
    response = sales.post(f"reminders/customers/{customer.id}/address", told)
    assert response["Location"] == sales.url("invoices/")


def test_who_may_not_send_may_not_mend(sales: Browser, reader: Browser, stranger: Browser) -> None:
    with acting_for(sales.company.id):
        customer = make_customer(sales.company)
    for path in ("address", "kind"):
        assert reader.post(f"reminders/customers/{customer.id}/{path}").status_code == 403
        assert stranger.post(f"reminders/customers/{customer.id}/{path}").status_code == 404


# ---- The letter ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("letterhead")
def test_the_letter_is_shown_as_it_will_look_with_no_code_to_pay_by(sales: Browser) -> None:
    import pypdfium2  # noqa: PLC0415

    invoice = invoice_of(sales, number="20431")
    assert f"preview-1.png?invoice={invoice.id}" in text_of(sales.get(address([invoice])))
    response = sales.get(f"reminders/preview.pdf?invoice={invoice.id}")
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-store"
    document = pypdfium2.PdfDocument(response.content)
    text = document[0].get_textpage().get_text_range().replace("\u00a0", " ")
    for words in ("26 november 2026", "20431", "Anna Ek", "1 273,81", "4 december 2026"):
        assert words in text
    assert handovers(sales) == []
    picture = sales.get(f"reminders/preview-1.png?invoice={invoice.id}")
    assert picture.content.startswith(b"\x89PNG")
    assert sales.get(f"reminders/preview-9.png?invoice={invoice.id}").status_code == 404


@pytest.mark.usefixtures("letterhead")
@pytest.mark.parametrize(("users", "customers"), [("en", "sv"), ("sv", "en")])
def test_the_letter_is_in_the_customers_language_whatever_the_pages_are_in(
    sales: Browser, users: str, customers: str
) -> None:
    import pypdfium2  # noqa: PLC0415

    sales.client.post("/language", {"language": users, "next": "/"})
    with acting_for(sales.company.id):
        invoice = invoice_of(sales, make_customer(sales.company, language=customers))
    assert f'<html lang="{users}">' in text_of(sales.get(address([invoice])))
    document = pypdfium2.PdfDocument(sales.get(f"reminders/preview.pdf?invoice={invoice.id}").content)
    text = document[0].get_textpage().get_text_range().replace("\u00a0", " ")
    amount = {"sv": "1 273,81 kr", "en": "SEK 1,273.81"}
    assert amount[customers] in text
    assert amount[users] not in text


@pytest.mark.usefixtures("letterhead")
def test_a_letter_that_would_not_be_sent_is_not_shown(sales: Browser, reader: Browser, stranger: Browser) -> None:
    sent = invoice_of(sales, agency_state="received", sent_at=NOW)
    fine = invoice_of(sales)
    assert sales.get(f"reminders/preview.pdf?invoice={sent.id}").status_code == 404
    assert sales.get(f"reminders/preview.pdf?invoice={uuid4()}").status_code == 404
    assert sales.get("reminders/preview.pdf").status_code == 404
    assert reader.get(f"reminders/preview.pdf?invoice={fine.id}").status_code == 403
    assert stranger.get(f"reminders/preview.pdf?invoice={fine.id}").status_code == 404


def test_before_the_agency_has_told_who_it_is_the_preview_does_without_the_letter(sales: Browser) -> None:
    invoice = invoice_of(sales)
    assert "preview-1.png" not in text_of(sales.get(address([invoice])))
    assert sales.get(f"reminders/preview.pdf?invoice={invoice.id}").status_code == 404


# ---- Many ---------------------------------------------------------------------------------------------------------


def test_the_summary_says_how_many_go_and_why_others_cannot(sales: Browser) -> None:
    good = [invoice_of(sales, number=f"good-{number}") for number in range(3)]
    with acting_for(sales.company.id):
        no_street = make_invoice(sales.company, make_customer(sales.company, street=""), number="no-street")
        no_kind = make_invoice(sales.company, make_customer(sales.company, kind=""), number="no-kind")
    sent = invoice_of(sales, number="sent", agency_state="received", sent_at=NOW)
    page = text_of(sales.get(address([*good, no_street, no_kind, sent])))
    for words in ("3 skickas", "3 kan inte skickas", "3 600,00", "3 821,43 kr", "Skicka 3 påminnelser",
                  "Rätta adressen", "Vem är kunden?", "sent skickades"):  # fmt: skip
        assert words in page, words
    response = sales.post(
        address([*good, no_street, no_kind, sent]), form_of(sales.get(address([*good, no_street, no_kind, sent])))
    )
    assert response["Location"] == sales.url("invoices/?tab=agency")
    told = text_of(sales.client.get(response["Location"]))
    assert "3 påminnelser är på väg till Ekviken Ombud." in told
    assert set(handovers(sales)) == {invoice.id for invoice in good}


def test_a_mend_from_the_summary_comes_back_and_takes_the_invoice_along(sales: Browser) -> None:
    with acting_for(sales.company.id):
        customer = make_customer(sales.company, street="")
    chosen = [invoice_of(sales), invoice_of(sales, customer)]
    page = text_of(sales.get(address(chosen)))
    assert "Skicka 1 påminnelse<" in page
    back = sales.url(address(chosen))
    assert back.replace("&", "&amp;") in page
    told = {"street": "Nygatan 1", "postcode": "702 10", "town": "Örebro", "next": back}
    sales.post(f"reminders/customers/{customer.id}/address", told)
    assert "Skicka 2 påminnelser<" in text_of(sales.client.get(back))


def test_a_change_after_the_summary_shows_it_again(sales: Browser) -> None:
    chosen = [invoice_of(sales), invoice_of(sales)]
    form = form_of(sales.get(address(chosen)))
    with acting_for(sales.company.id):
        pay(chosen[0], 120_000)
    response = sales.post(address(chosen), form)
    assert response.status_code == 409
    assert "Sammanställningen visade 2 påminnelser." in text_of(response)
    assert handovers(sales) == []


def test_a_new_day_after_the_summary_is_said(sales: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = [invoice_of(sales), invoice_of(sales)]
    form = form_of(sales.get(address(chosen)))
    monkeypatch.setattr(clock, "today", lambda: TODAY + timedelta(days=1))
    response = sales.post(address(chosen), form)
    assert response.status_code == 409
    assert "En ny dag har börjat sedan du granskade, och summorna är räknade på nytt." in text_of(response)
    assert handovers(sales) == []


def test_a_new_day_before_the_confirmation_of_very_many_leads_back_to_the_summary(
    sales: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("punktlig.receivables.web.sending.MOST_AT_ONCE", 1)
    chosen = [invoice_of(sales), invoice_of(sales)]
    form = form_of(sales.get(address(chosen)))
    monkeypatch.setattr(clock, "today", lambda: TODAY + timedelta(days=1))
    response = sales.post(address(chosen), form)
    assert response["Location"] == sales.url(address(chosen))
    page = sales.client.get(response["Location"])
    assert "En ny dag har börjat sedan du granskade" in text_of(page)
    with acting_for(sales.company.id):
        assert not SendingRun.objects.exists()
    assert "/runs/" in sales.post(address(chosen), form_of(page))["Location"]


def test_all_that_match_are_the_overdue_unsent_of_the_selection(sales: Browser) -> None:
    with acting_for(sales.company.id):
        karin = make_customer(sales.company, name="Karin Wester")
        make_invoice(sales.company, karin, number="1")
        make_invoice(sales.company, karin, number="2", due_date=TODAY + timedelta(days=9))
        make_invoice(sales.company, karin, number="3", agency_state="received", sent_at=NOW)
        make_invoice(sales.company, number="4")
    page = text_of(sales.get("reminders/new/?every=1&tab=all&q=karin"))
    assert "1 skickas" in page
    assert "2 fakturor i urvalet är inte förfallna eller redan skickade." in page
    assert "2 skickas" in text_of(sales.get("reminders/new/?every=1&tab=overdue"))


def test_choosing_nothing_leads_back_to_the_list(sales: Browser) -> None:
    for path in ("reminders/new/", "reminders/new/?invoice=moon", "reminders/new/?every=1&q=nobody"):
        response = sales.get(path)
        assert response["Location"] == sales.url("invoices/?tab=overdue")


def test_more_than_can_be_sent_at_once_become_a_run_with_progress(
    sales: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("punktlig.receivables.web.sending.MOST_AT_ONCE", 2)
    for _ in range(3):
        invoice_of(sales)
    url = "reminders/new/?every=1&tab=overdue"
    response = sales.post(url, form_of(sales.get(url)))
    with acting_for(sales.company.id):
        run = SendingRun.objects.get()
    assert response["Location"].startswith(sales.url(f"reminders/runs/{run.id}/"))
    page = text_of(sales.client.get(response["Location"]))
    assert "Påminnelserna skickas" in page
    assert "0 av 3" in page
    assert 'hx-trigger="every 2s"' in page
    fragment = text_of(sales.fragment(f"reminders/runs/{run.id}/"))
    assert fragment.lstrip().startswith('<div class="progress"')
    # A second click returns the run that is under way.
    assert sales.post(url, form_of(sales.get(url)))["Location"] == response["Location"]


def test_a_finished_run_reports_what_was_sent_and_what_was_not(sales: Browser) -> None:
    chosen = [invoice_of(sales, number=f"n-{number}") for number in range(3)]
    with acting_for(sales.company.id):
        run = SendingRun.objects.create(
            company=sales.company, state="done", shown="0" * 64, day=TODAY, total=3, started_at=NOW,
            started_by=sales.user, finished_at=NOW,
        )  # fmt: skip
        SendingRunPart.objects.create(
            company=sales.company, run=run, number=0, chosen=[[str(one.id), ""] for one in chosen], worked_off_at=NOW,
            sent=2, refused=[[str(chosen[2].id), "address_incomplete"]],
        )  # fmt: skip
    page = text_of(sales.get(f"reminders/runs/{run.id}/?every=1&tab=overdue"))
    for words in ("2 påminnelser är på väg", "1 skickades inte", "adress saknas", "n-2", "Rätta och skicka resten"):
        assert words in page
    assert sales.fragment(f"reminders/runs/{run.id}/")["HX-Refresh"] == "true"


def test_a_run_whose_preview_was_outdated_sends_nothing_and_leads_back(sales: Browser, stranger: Browser) -> None:
    with acting_for(sales.company.id):
        run = SendingRun.objects.create(
            company=sales.company, state="outdated", shown="0" * 64, day=TODAY, total=3, started_at=NOW,
            started_by=sales.user, finished_at=NOW,
        )  # fmt: skip
    page = text_of(sales.get(f"reminders/runs/{run.id}/?every=1&tab=overdue"))
    assert "Inget har skickats" in page
    assert "reminders/new/?every=1&amp;tab=overdue" in page
    assert stranger.get(f"reminders/runs/{run.id}/").status_code == 404


def test_a_large_selection_shows_its_page_before_it_is_counted(sales: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("punktlig.receivables.web.sending.MOST_BEFORE_THE_PAGE", 1)
    for _ in range(2):
        invoice_of(sales)
    url = "reminders/new/?every=1&tab=overdue"
    first = text_of(sales.get(url))
    assert "Går igenom 2 fakturor." in first
    assert 'name="shown"' not in first
    part = re.findall(r'hx-get="([^"]+part=1)"', first)[0].replace("&amp;", "&")
    assert "<html" not in text_of(sales.fragment(f"reminders/new/{part}"))
    whole = sales.get(f"reminders/new/{part}")
    assert sales.post(f"reminders/new/{part}", form_of(whole)).status_code == 302
    assert len(handovers(sales)) == 2


def test_sending_writes_one_line_of_history_with_the_persons_name(sales: Browser) -> None:
    invoice = invoice_of(sales)
    sales.post(address([invoice]), form_of(sales.get(address([invoice]))))
    with acting_for(sales.company.id):
        (line,) = HistoryLine.objects.filter(invoice=invoice)
    assert (line.code, line.actor, line.by_agency) == ("invoice_sent", "Maja Lind", False)


@pytest.mark.parametrize("wrong", [{"name": "王小明"}, {"street": "Vägen 😀 3"}, {"identity_number": "5598807337"}])
def test_what_is_mended_at_the_customer_is_a_click_away_from_the_summary_of_many(
    sales: Browser, wrong: dict[str, str]
) -> None:
    with acting_for(sales.company.id):
        customer = make_customer(sales.company, **wrong)
        invoices = [make_invoice(sales.company, customer), make_invoice(sales.company)]
    page = text_of(sales.get(address(invoices)))
    assert f'href="{sales.url(f"customers/{customer.id}/edit")}">Rätta hos kunden' in page
    assert page.count("Rätta hos kunden") == 1


def test_new_terms_are_a_click_away_from_the_reviews_that_they_stop(sales: Browser) -> None:
    invoices = [invoice_of(sales) for _ in range(2)]
    link = f'href="{sales.url("company/activation/terms/")}"'
    assert link not in text_of(sales.get(address(invoices)))
    make_terms("2026-12", TODAY)
    for chosen in (invoices, invoices[:1]):
        page = text_of(sales.get(address(chosen)))
        assert "nu gäller 2026-12" in page
        assert link in page


@pytest.mark.parametrize(
    ("email", "says"),
    [
        ("", "Brev med post. Adressen kommer"),
        ("anna@example.com", "Brev med post, eller med e-post till anna@example.com om ni har avtalat det med Ekviken"),
    ],
)
def test_the_review_promises_no_paper_to_whoever_may_get_an_e_mail(sales: Browser, email: str, says: str) -> None:
    """Only the agency knows whether its agreement with the company says e-mail."""
    with acting_for(sales.company.id):
        invoice = make_invoice(sales.company, make_customer(sales.company, email=email))
    assert says in text_of(sales.get(address([invoice])))


def test_the_customers_share_is_said_in_place(sales: Browser) -> None:
    invoice = invoice_of(sales, payable_ore=4_350_000, deduction="rot")
    page = text_of(sales.get(address([invoice])))
    assert "Ange kundens del, så kan fakturan skickas." in page
    back = sales.url(address([invoice]))
    path = f"reminders/invoices/{invoice.id}/share"
    too_much = sales.post(path, {"share": "99 999,00", "next": back})
    assert too_much.status_code == 422
    assert "Kundens del 99 999,00 kr passar inte en faktura på 43 500,00 kr." in text_of(too_much)
    assert sales.post(path, {"share": "34 665,00", "next": back})["Location"] == back
    assert "34 665,00" in text_of(sales.client.get(back))
    assert form_of(sales.client.get(back))["shown"]


def test_a_share_said_before_the_percentage_changed_is_asked_for_once_more(sales: Browser) -> None:
    """ROT was 50 % through 2025 and is 30 % in 2026. Whoever copies the invoice's share has not thought of that."""
    invoice = invoice_of(
        sales, payable_ore=2_020_000, deduction="rot", issue_date=date(2025, 11, 14), due_date=date(2025, 12, 15)
    )
    preview = f"reminders/new/?invoice={invoice.id}"
    path, back = f"reminders/invoices/{invoice.id}/share", f"/c/{sales.company.id}/{preview}"
    first = hidden_of(sales.get(preview))
    assert first["knows_of_change"] == "False"
    for _ in range(2):  # a double click confirms nothing
        sales.post(path, {"share": "17 100,00", "next": back, **first})
    asked = sales.get(preview)
    assert "gällde 50,00 % på fakturadagen 14 november 2025 och 30,00 % för en betalning" in text_of(asked)
    assert "Skicka påminnelse</button>" not in text_of(asked)
    sales.post(path, {"share": "18 340,00", "next": back, **hidden_of(asked)})
    shown = text_of(sales.get(preview))
    assert "18 340,00" in shown
    assert "gällde 50,00 %" not in shown


def hidden_of(response: Any) -> dict[str, str]:
    """Return what the form of the share carries along unseen, but for where it leads."""
    return dict(re.findall(r'<input type="hidden" name="(knows_of_change)" value="([^"]*)"', text_of(response)))


# ---- After the last known reference rate ----------------------------------------------------------------------------


def test_after_the_new_year_the_preview_says_that_it_waits_for_the_rate_and_then_reckons_with_it(
    sales: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = invoice_of(sales, number="20431")
    fourth = date(2027, 1, 4)
    monkeypatch.setattr(clock, "today", lambda: fourth)
    monkeypatch.setattr(clock, "now", lambda: datetime(2027, 1, 4, 9, tzinfo=UTC))
    waiting = text_of(sales.get(address([invoice])))
    assert "Ingen referensränta är känd för 1 januari 2027." in waiting
    assert "Ombudet lägger till den; sedan kan fakturan skickas." in waiting
    HeardRate.objects.create(
        valid_from=date(2027, 1, 1),
        percent="2.50",
        source="SFS 2026:1400",
        heard_at=datetime(2027, 1, 4, 8, tzinfo=UTC),
    )
    page = text_of(sales.get(address([invoice])))
    # The letter is of the next bank day, 5 January: 77 days at 10 % and 5 at 10.5 %: 25.3151 + 1.7260 = 27.04 kr.
    for words in (
        "Dröjsmålsränta till 5 januari",
        "10,00 % på 1 200,00 kr i 77 dagar, från 16 oktober 2026.",
        "10,50 % på 1 200,00 kr i 5 dagar, från 1 januari.",
        "27,04",
        "1 287,04 kr",
    ):
        assert words in page, words


def test_a_silent_agency_is_told_of_before_anything_is_sent(sales: Browser, letterhead: None) -> None:  # noqa: ARG001
    waiting, next_one = invoice_of(sales, number="20431"), invoice_of(sales, number="20432")
    page = sales.get(address([waiting]))
    sales.post(address([waiting]), form_of(page))
    silent = "Ombudet har inte svarat sedan 25 november kl. 09.30."
    other = invoice_of(sales, number="20433")

    def reviews() -> list[str]:
        return [text_of(sales.get(address(some))) for some in ([next_one], [next_one, other])]

    for review in reviews():
        assert silent not in review
    with acting_for(sales.company.id):
        Handover.objects.update(
            attempts=9, last_problem="not_reached ConnectError", first_tried_at=NOW - timedelta(hours=1)
        )
    for review in reviews():
        assert f"<strong>{silent}</strong> Ombudets server går inte att nå. Du kan skicka ändå:" in review
        assert "breven kan gå senare än det står" in review
        assert "Skicka påminnelse" in review
