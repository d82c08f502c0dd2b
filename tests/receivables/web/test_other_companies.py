"""No address opens another company's rows: each is tried with its ids, under its own company and under one's own.

A new address is tried by itself; one that takes what none did before needs that named in `ids_of`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from punktlig.receivables.actions.handovers import hand_over_invoices
from punktlig.receivables.actions.imports import GivenFile, start_import
from punktlig.receivables.records.models import Member, Role, SendingRun
from punktlig.tenancy.context import acting_for
from tests.receivables.sending_samples import (
    NOW,
    TODAY,
    make_activation,
    make_company,
    make_customer,
    make_invoice,
    make_user,
    pay,
    shown_for,
)
from tests.receivables.web.conftest import browser
from tests.tenancy.every_address import addresses, rows_as_they_are

if TYPE_CHECKING:
    from tests.receivables.web.conftest import Browser
    from tests.tenancy.every_address import Address

pytestmark = pytest.mark.django_db

# Whose pages they are is not told by the path, and no row of a company is named in it.
OUTSIDE = ("accounts/", "hooks/", "language", "_parts/")
# Filled in as each form wants it, so that it is the row that is missing and not an answer.
FILLED = {
    "role": "owner", "email": "ny@lillsjon.example", "name": "Ny Person", "kind": "consumer", "day": "2026-11-20",
    "amount": "100,00", "number": "K-1", "street": "Bygatan 1", "postcode": "123 45", "town": "Lillsjön",
    "country": "SE", "share": "100,00", "knows_of_change": "on", "note": "Hej", "text": "Hej", "invoice": "",
    "customer": "Anna Ek", "issue_date": "2026-10-01", "due_date": "2026-10-31",
}  # fmt: skip


@pytest.fixture
def theirs(the_day: None) -> Browser:  # noqa: ARG001
    """The owner of the company that strangers would like to see."""
    company = make_company()
    owner = browser(company, make_user(company, Role.OWNER))
    with acting_for(company.id):
        make_activation(company, owner.user, agency_name="Ekviken Ombud")
    return owner


@pytest.fixture
def mine(the_day: None) -> Browser:  # noqa: ARG001
    """The owner of another, who may do everything there."""
    company = make_company("Ankarets Krog HB")
    owner = browser(company, make_user(company, Role.OWNER))
    with acting_for(company.id):
        make_activation(company, owner.user, agency_name="Ekviken Ombud")
    return owner


def ids_of(owner: Browser) -> dict[str, dict[str, object]]:
    """Return what addresses take, by the address's name where it is not the same for all."""
    company = owner.company
    with acting_for(company.id):
        customer = make_customer(company)
        invoice, sent = make_invoice(company, customer), make_invoice(company, customer)
        payment = pay(invoice, 10_000)
        shown = shown_for(company.id, [sent.id])
        hand_over_invoices(company.id, [sent.id], shown=shown, user=owner.user, today=TODAY, at=NOW)
        read = start_import(company.id, [GivenFile("a.xml", b"<a/>")], user=owner.user, at=NOW)
        sending = SendingRun.objects.create(
            company=company, shown="0" * 64, day=TODAY, total=1, started_at=NOW, started_by=owner.user
        )
        member = Member.objects.create(company=company, user=_colleague(company), role=Role.READER)
    every = {
        "tenant": company.id, "customer": customer.id, "invoice": invoice.id, "payment": payment.id,
        "member": member.id, "version": "2026-11", "page": 1,
    }  # fmt: skip
    imports = ("import_run", "import_progress", "import_files")
    return {"": every, "sending_run": every | {"run": sending.id}} | dict.fromkeys(imports, every | {"run": read.id})


def _colleague(company: Any) -> Any:
    from punktlig.tenancy.models import User  # noqa: PLC0415

    return User.objects.create_user(f"{uuid4().hex[:10]}@lillsjon.example", name=f"Siv vid {company.name}")


def of_a_company() -> list[Address]:
    return addresses(beneath="c/", leave_out=OUTSIDE)


def filled(address: Address, ids: dict[str, dict[str, object]], **instead: object) -> str:
    return address.filled(ids.get(address.name, ids[""]) | instead)


def test_every_address_is_a_companys_or_names_no_row() -> None:
    others = addresses(leave_out=("c/<uuid:tenant>/", *OUTSIDE))
    assert {(each.name, each.takes) for each in others} == {("home", frozenset())}


def test_its_owner_finds_something_at_every_address(theirs: Browser) -> None:
    ids = ids_of(theirs)
    # A letter is drawn of an invoice that the query names, and of terms there are those that have been published.
    letters = {"reminder_pdf", "reminder_picture"}
    for address in of_a_company():
        if address.name not in letters | {"company-terms"}:
            assert theirs.client.get(filled(address, ids)).status_code in (200, 302, 405), address
    assert {each.name for each in of_a_company()} >= letters


def test_another_companys_addresses_do_not_exist(theirs: Browser, mine: Browser) -> None:
    ids = ids_of(theirs)
    before = rows_as_they_are()
    for address in of_a_company():
        path = filled(address, ids)
        answers = [mine.client.get(path), mine.client.head(path), mine.client.post(path, FILLED)]
        assert {answer.status_code for answer in answers} == {404}, address
    assert rows_as_they_are() == before


def test_nor_do_its_rows_under_ones_own_company(theirs: Browser, mine: Browser) -> None:
    ids = ids_of(theirs)
    before = rows_as_they_are()
    tried = [each for each in of_a_company() if each.takes - {"tenant", "page", "version"}]
    for address in tried:
        path = filled(address, ids, tenant=mine.company.id)
        # A button has no page: then its POST alone is tried.
        got, posted = mine.client.get(path).status_code, mine.client.post(path, FILLED).status_code
        assert (got, posted) in {(404, 404), (405, 404), (404, 405)}, (address, got, posted)
    assert tried
    assert rows_as_they_are() == before


def test_nobody_reaches_an_address_without_a_log_in(theirs: Browser) -> None:
    from django.test import Client  # noqa: PLC0415

    ids = ids_of(theirs)
    before = rows_as_they_are()
    nobody = Client(headers={"host": "localhost", "x-forwarded-proto": "https"})
    for address in of_a_company():
        path = filled(address, ids)
        for answer in (nobody.get(path), nobody.post(path, FILLED)):
            assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/accounts/login/"), address
    assert rows_as_they_are() == before
