"""A letter that cannot be made is refused in the preview, where the customer can still be mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from punktlig.tenancy.context import acting_for
from tests.receivables.sending_samples import make_customer, make_invoice
from tests.receivables.web.test_sending import address, text_of

if TYPE_CHECKING:
    from tests.receivables.web.conftest import Browser

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("customer", "why", "todo"),
    [
        ({"name": "Räv 🦊 Ek"}, "Brevet har tecken som inget av dess typsnitt kan rita", "andra bokstäver"),
        ({"street": "\n".join(f"Port {number:02} W W W" for number in range(20))},
         "Adressen får inte plats i kuvertets fönster", "Korta adressen, så kan fakturan skickas."),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("letterhead")
def test_a_letter_that_cannot_be_drawn_is_not_offered_to_be_sent(
    sales: Browser, customer: dict[str, str], why: str, todo: str
) -> None:
    with acting_for(sales.company.id):
        invoice = make_invoice(sales.company, make_customer(sales.company, **customer))
    for page in (text_of(sales.get(address([invoice]))), text_of(sales.fragment(address([invoice])))):
        assert "Kan inte skickas än" in page
        assert why in page
        assert todo in page
        assert "Ändra annat hos kunden" in page
        assert "preview-1.png" not in page
        assert 'name="shown"' not in page
