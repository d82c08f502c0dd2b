"""Which type codes (UNTDID 1001) are invoices, credit notes, and neither."""

from __future__ import annotations

import pytest

from punktlig.core.invoice import DocumentKind
from punktlig.formats.document_kinds import kind_of_document


@pytest.mark.parametrize(
    "code", ["", "380", "383", "384", "386", "331", "326", "71", "80", "82", "84", "218", "219", "382", "388", "395"]
)
def test_a_document_that_asks_for_payment_is_an_invoice(code: str) -> None:
    assert kind_of_document(code) is DocumentKind.INVOICE


@pytest.mark.parametrize("code", ["381", "81", "83", "261", "396", "420", "458", "532"])
def test_a_credit_note_is_one_by_its_code(code: str) -> None:
    assert kind_of_document(code) is DocumentKind.CREDIT_NOTE


@pytest.mark.parametrize("code", ["389", "527"])
def test_a_self_billed_invoice_is_the_customers(code: str) -> None:
    assert kind_of_document(code) is DocumentKind.SELF_BILLED


@pytest.mark.parametrize("code", ["325", "102", "751", "393", "0380", "38O", "invoice", "999"])
def test_pro_forma_factored_and_unknown_documents_are_something_else(code: str) -> None:
    assert kind_of_document(code) is DocumentKind.OTHER
