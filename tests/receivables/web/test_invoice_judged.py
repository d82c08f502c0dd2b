"""What an invoice's page says of an invoice that cannot be sent, and of lines that came in a file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from punktlig.tenancy.context import acting_for
from tests.receivables.sending_samples import make_customer, make_invoice, pay
from tests.receivables.web.test_invoice import text_of

if TYPE_CHECKING:
    from typing import Any

    from tests.receivables.web.conftest import Browser

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("customer", "changes", "says", "mends"),
    [
        ({"street": ""}, {}, "saknas gata eller box", True),
        ({"identity_number": "5598807337"}, {}, "Rätta numret hos kunden", True),
        ({"identity_number": "201701012385"}, {}, "Vänd er till förmyndarna för hand.", False),
        ({"name": "אנה"}, {}, "De står i: mottagarens namn och adress.", True),
        ({}, {"number": "1א"}, "De står i: avsändarens namn eller fakturans nummer.", False),
        ({}, {"currency": "EUR"}, "Kräv betalt för hand", False),
        ({}, {"issue_date": date(2022, 9, 16), "due_date": date(2022, 10, 17)}, "registrera betalningen", False),
    ],
)
def test_a_page_offers_to_mend_only_what_can_be_mended(
    sales: Browser, customer: dict[str, str], changes: dict[str, Any], *, says: str, mends: bool
) -> None:
    with acting_for(sales.company.id):
        invoice = make_invoice(sales.company, make_customer(sales.company, **customer), **changes)
    page = text_of(sales.get(f"invoices/{invoice.id}/"))
    assert says in page
    assert ("Rätta här" in page) is mends


def test_an_invoice_in_another_currency_is_not_said_to_be_in_kronor(sales: Browser) -> None:
    with acting_for(sales.company.id):
        invoice = make_invoice(sales.company, payable_ore=1_360_00, currency="EUR")
        pay(invoice, 60_00)
    pages = [f"invoices/{invoice.id}/", f"invoices/{invoice.id}/payments", f"invoices/{invoice.id}/credit-notes"]
    for page in (text_of(sales.get(url)).replace("<small>", "") for url in pages):
        assert "1 300,00 EUR" in page
        assert "1 360,00 EUR" in page
        assert "0,00 kr" not in page


def test_a_share_that_nobody_has_told_is_not_said_to_be_the_whole(sales: Browser) -> None:
    with acting_for(sales.company.id):
        invoice = make_invoice(sales.company, payable_ore=43_500_00, deduction="rot")
        told = make_invoice(
            sales.company, payable_ore=43_500_00, deduction="rot", share_ore=34_665_00, remaining_ore=34_665_00
        )
    assert "kundens del är inte angiven" in text_of(sales.get(f"invoices/{invoice.id}/"))
    assert "kundens del är 34 665,00 kr" in text_of(sales.get(f"invoices/{told.id}/"))


def test_what_is_missing_from_a_file_is_to_be_imported_anew_since_it_cannot_be_said_here(sales: Browser) -> None:
    with acting_for(sales.company.id):
        invoice = make_invoice(sales.company, due_date=None, source_format="ubl")
    page = text_of(sales.get(f"reminders/new/?invoice={invoice.id}"))
    assert "gör en ny med förfallodag och eget nummer och läs in båda" in page
    assert "Ange vilken förfallodag" not in page


def test_what_has_come_in_above_the_invoice_is_said_to_be_the_customers(sales: Browser) -> None:
    with acting_for(sales.company.id):
        invoice = make_invoice(sales.company, payable_ore=100_000)
        pay(invoice, 100_050)
    page = text_of(sales.get(f"invoices/{invoice.id}/"))
    assert "Kunden har 0,50 kr att få tillbaka." in page
    assert "Det finns inget att påminna om." in text_of(sales.get(f"reminders/new/?invoice={invoice.id}"))


@pytest.mark.parametrize(
    ("unit", "language", "words"),
    [("HUR", "sv", "12,5 tim"), ("hur", "en", "12.5 h"), ("H87", "sv", "12,5 st"), ("lass", "sv", "12,5 lass")],
)
def test_the_unit_of_a_line_is_a_word(sales: Browser, *, unit: str, language: str, words: str) -> None:
    with acting_for(sales.company.id):
        invoice = make_invoice(sales.company)
        invoice.lines.update(unit=unit, quantity=Decimal("12.5"))
    sales.client.post("/language", {"language": language})
    assert f">{words}<" in text_of(sales.get(f"invoices/{invoice.id}/"))
