"""The pages where the ledger is kept: customers, invoices, money and files; who may write, and whose rows are seen."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from punktlig import clock
from punktlig.receivables.actions.imports import MOST_FILES, GivenFile, read_next_files, start_import
from punktlig.receivables.records.models import (
    Company,
    CreditNote,
    Customer,
    ImportedFile,
    ImportRun,
    Invoice,
    InvoiceLine,
    Payment,
    Role,
)
from punktlig.receivables.web import imports
from punktlig.tenancy.context import acting_for
from tests.receivables.invoice_files import invoice_file
from tests.receivables.sending_samples import make_company, make_customer, make_invoice, make_user

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from django.http.response import HttpResponseBase
    from pytest_django import Settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return make_company()


@pytest.fixture
def client(company: Company) -> Client:
    client = Client()
    client.force_login(make_user(company))
    return client


@pytest.fixture
def invoice(company: Company) -> Iterator[Invoice]:
    with acting_for(company.id):
        yield make_invoice(company, make_customer(company, name="Karin Wester", number="1001"), number="20431")


def address(company: Company, name: str, *arguments: UUID) -> str:
    return reverse(name, args=[company.id, *arguments])


def text_of(response: HttpResponseBase) -> str:
    assert isinstance(response, HttpResponse)
    return " ".join(response.content.decode().split())


def payment(**changes: object) -> dict[str, object]:
    facts = {"amount": "1 200,00", "day": clock.today().isoformat(), "note": "", "form_token": str(uuid4())}
    return facts | changes


def test_a_payment_is_booked_once_however_often_the_form_comes(
    client: Client, company: Company, invoice: Invoice
) -> None:
    url = address(company, "invoice_payments", invoice.id)
    page = client.get(url)
    assert "1\u00a0200,00" in page.content.decode()
    form = payment(amount="200")
    for _ in range(2):
        answer = client.post(url, form)
        assert (answer.status_code, answer.headers["Location"]) == (302, address(company, "invoice", invoice.id))
    with acting_for(company.id):
        assert Payment.objects.get().amount_ore == 20_000


def test_more_than_remains_is_asked_about_with_a_tick(client: Client, company: Company, invoice: Invoice) -> None:
    url = address(company, "invoice_payments", invoice.id)
    assert 'name="may_exceed"' not in text_of(client.get(url))
    refused = client.post(url, payment(amount="1284,52"))
    assert refused.status_code == 422
    assert 'name="may_exceed"' in text_of(refused)
    assert "mer än de 1\u00a0200,00\u00a0kr som är kvar" in refused.content.decode()
    assert client.post(url, payment(amount="1284,52", may_exceed="on")).status_code == 302
    with acting_for(company.id):
        assert Invoice.objects.get().remaining_ore == -8_452


def test_a_payment_tomorrow_or_of_nothing_is_refused_beside_its_field(
    client: Client, company: Company, invoice: Invoice
) -> None:
    url = address(company, "invoice_payments", invoice.id)
    for wrong in ({"day": (clock.today() + timedelta(days=1)).isoformat()}, {"amount": "0"}, {"amount": "abc"}):
        answer = client.post(url, payment(**wrong))
        assert answer.status_code == 422
        assert "field__error" in answer.content.decode()
    with acting_for(company.id):
        assert not Payment.objects.exists()


def test_a_credit_note_is_booked(client: Client, company: Company, invoice: Invoice) -> None:
    url = address(company, "invoice_credit_notes", invoice.id)
    assert client.get(url).status_code == 200
    form = {"number": "K-1", "amount": "200", "day": clock.today().isoformat(), "reason": ""}
    assert client.post(url, form).status_code == 302
    too_much = client.post(url, form | {"number": "K-2", "amount": "1100"})
    assert too_much.status_code == 422
    with acting_for(company.id):
        assert CreditNote.objects.get().amount_ore == 20_000


def test_the_day_payments_are_booked_through_is_kept_and_leads_back(client: Client, company: Company) -> None:
    url = address(company, "payments_through")
    back = address(company, "invoices") + "?tab=overdue"
    answer = client.post(url, {"day": clock.today().isoformat(), "next": back})
    assert (answer.status_code, answer.headers["Location"]) == (302, back)
    company.refresh_from_db()
    assert company.payments_through == clock.today()
    away = client.post(url, {"day": clock.today().isoformat(), "next": "https://elsewhere.example/"})
    assert away.headers["Location"] == address(company, "invoices")
    assert client.post(url, {"day": (clock.today() + timedelta(days=1)).isoformat()}).status_code == 422


def test_customers_are_listed_found_and_paged(client: Client, company: Company) -> None:
    with acting_for(company.id):
        for number in range(60):
            make_customer(company, name=f"Kund {number:02}", number=str(2000 + number))
        make_customer(company, name="Örjan Ågren", number="7")
        make_customer(company, name="Hemlig Person", number="8", identity_is_protected=True)
    url = address(company, "customers")
    first = client.get(url)
    assert "Hemlig" not in first.content.decode()
    assert "Skyddade personuppgifter" in first.content.decode()
    later = re.search(r'rel="next" href="([^"]+)"', first.content.decode())
    assert later is not None
    second = client.get(url + later[1].replace("&amp;", "&"))
    assert "Örjan Ågren" in second.content.decode()
    assert "Kund 10" not in second.content.decode()
    found = client.get(url, {"q": "ågr"}).content.decode()
    assert "Örjan Ågren" in found
    assert "Kund 01" not in found
    assert "Ingen kund stämmer" in client.get(url, {"q": "zzz"}).content.decode()
    assert client.get(url, {"after": "rubbish", "sort": "rubbish", "q": "\0"}).status_code == 200


def test_a_customer_is_entered_changed_and_shown(client: Client, company: Company) -> None:
    form = {
        "name": "Anna Ek", "number": "", "kind": "consumer",
        "identity_number": "19800101-2387", "vat_number": "",
        "street": "Björkvägen 7", "postcode": "123 46", "town": "Lillsjön", "country": "SE", "email": "",
        "telephone": "", "language": "sv",
    }  # fmt: skip
    assert client.get(address(company, "customer_new")).status_code == 200
    wrong = client.post(address(company, "customer_new"), form | {"identity_number": "19800101-2385"})
    assert wrong.status_code == 422
    assert "kontrollsiffran" in wrong.content.decode()
    made = client.post(address(company, "customer_new"), form)
    assert made.status_code == 302
    with acting_for(company.id):
        customer = Customer.objects.get()
    page = client.get(made.headers["Location"]).content.decode()
    assert "19800101-****" in page
    edit = address(company, "customer_edit", customer.id)
    assert "Björkvägen 7" in client.get(edit).content.decode()
    assert client.post(edit, form | {"number": customer.number, "town": "Storsjön"}).status_code == 302
    with acting_for(company.id):
        assert Customer.objects.get().town == "Storsjön"


@pytest.mark.parametrize(
    ("country", "chosen", "language"),
    [("SE", "by_country", "sv"), ("NO", "by_country", "en"), ("NO", "sv", "sv"), ("SE", "en", "en")],
)
def test_letters_abroad_are_in_english_unless_somebody_has_chosen(
    client: Client, company: Company, country: str, chosen: str, language: str
) -> None:
    new = address(company, "customer_new")
    assert client.get(new).context["form"]["language"].value() == "by_country"
    client.post(new, {"name": "Ola Nordmann", "kind": "consumer", "country": country, "language": chosen})
    with acting_for(company.id):
        customer = Customer.objects.get()
    assert customer.language == language
    edited = client.get(address(company, "customer_edit", customer.id))
    assert edited.context["form"]["language"].value() == language


@pytest.mark.parametrize(
    ("number", "kind", "vat", "follows"),
    [
        ("19800101-2387", "Privatperson", "", True),
        ("556012-5790", "Företag", "", True),
        ("212000-0142", "Offentligt organ", "", True),
        # A sole trader may have bought privately: nobody but a person can tell.
        ("19800101-2387", "", "SE198001012387 01", False),
        ("", "", "", False),
    ],
)
def test_a_customer_whose_number_tells_the_kind_is_shown_as_that(
    client: Client, company: Company, *, number: str, kind: str, vat: str, follows: bool
) -> None:
    with acting_for(company.id):
        customer = make_customer(company, kind="", identity_number=number, vat_number=vat)
    page = client.get(address(company, "customer", customer.id))
    (fact,) = [fact for fact in page.context["facts"] if fact.name == "Vem är kunden?"]
    assert fact.lines == ((kind,) if kind else ())
    assert ("framgår av numret" in page.content.decode()) is follows


def test_a_customer_who_owes_nothing_is_said_to(client: Client, company: Company) -> None:
    with acting_for(company.id):
        customer = make_customer(company)
    page = client.get(address(company, "customer", customer.id)).content.decode()
    assert "Kunden har ingen obetald faktura." in page
    assert "på 0 obetalda" not in page


@pytest.mark.parametrize("wrong", ["identity_number", "vat_number"])
def test_a_number_that_cannot_be_is_refused_where_it_was_written(client: Client, company: Company, wrong: str) -> None:
    form = {"name": "Anna Ek", "country": "SE", "language": "sv", "kind": "", wrong: "SE1"}
    answer = client.post(address(company, "customer_new"), form)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [wrong]


def test_a_reader_sees_a_protected_customer_by_its_number_alone(company: Company) -> None:
    reader = Client()
    reader.force_login(make_user(company, Role.READER))
    with acting_for(company.id):
        customer = make_customer(company, name="Hemlig Person", number="8", identity_is_protected=True)
    page = reader.get(address(company, "customer", customer.id)).content.decode()
    for secret in ("Hemlig", "Björkvägen", "anna.ek"):
        assert secret not in page


ENTRY = {
    "customer": "1001 – Karin Wester",
    "number": "20500",
    "issue_date": "2026-10-10",
    "due_date": "2026-11-09",
    "payment_reference": "",
    "buyer_reference": "",
    "deduction": "",
    "share": "",
    "prepaid": "",
    "notes": "",
    "lines-TOTAL_FORMS": "2",
    "lines-INITIAL_FORMS": "0",
    "lines-0-text": "Arbete",
    "lines-0-quantity": "1,5",
    "lines-0-unit": "tim",
    "lines-0-unit_price": "1 000,00",
    "lines-0-tax_percent": "25",
    "lines-1-text": "",
    "lines-1-quantity": "1",
    "lines-1-unit": "",
    "lines-1-unit_price": "",
    "lines-1-tax_percent": "25",
}


def test_an_invoice_is_entered_with_lines_that_come_and_go_without_script(
    client: Client, company: Company, invoice: Invoice
) -> None:
    url = address(company, "invoice_new")
    assert "1001 – Karin Wester" in client.get(f"{url}?customer={invoice.customer_id}").content.decode()
    more = client.post(url, ENTRY | {"add": "1"})
    assert more.status_code == 200
    assert "lines-2-text" in more.content.decode()
    assert 'value="Arbete"' in more.content.decode()
    assert "1\u00a0875,00" in more.content.decode()  # 1.5 × 1 000 with 25 %
    fewer = client.post(url, ENTRY | {"remove": "0"}).content.decode()
    assert "lines-1-text" not in fewer
    assert 'value="Arbete"' not in fewer
    with acting_for(company.id):
        assert Invoice.objects.count() == 1
    saved = client.post(url, ENTRY | {"save": "1"})
    with acting_for(company.id):
        made = Invoice.objects.get(number="20500")
        assert saved.headers["Location"] == address(company, "invoice", made.id)
        assert (made.total_ore, made.customer_id) == (187_500, invoice.customer_id)
        assert InvoiceLine.objects.filter(invoice=made).count() == 1
    edit = address(company, "invoice_edit", made.id)
    assert 'value="1,5"' in client.get(edit).content.decode()
    assert client.post(edit, ENTRY | {"save": "1", "lines-0-quantity": "2"}).status_code == 302
    with acting_for(company.id):
        assert Invoice.objects.get(number="20500").total_ore == 250_000


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"customer": "Ingen Alls"}, "id_customer"),
        ({"number": "20431"}, "id_number"),
        ({"due_date": "2026-10-09"}, "id_due_date"),
        ({"deduction": "rot"}, "id_share"),
        ({"lines-0-unit_price": "1.000"}, "id_lines-0-unit_price"),
        ({"lines-0-quantity": "-1"}, "kunden har pengar att få"),
        ({"lines-0-quantity": "9999999", "lines-0-unit_price": "9999999999"}, "för många siffror"),
        ({"lines-TOTAL_FORMS": "999999"}, "id_lines-0-text"),
        ({"lines-0-text": "", "lines-0-unit_price": ""}, ""),
    ],
)
def test_an_entry_that_cannot_be_comes_back_with_its_faults(
    client: Client, company: Company, invoice: Invoice, changes: dict[str, str], field: str
) -> None:
    assert invoice.number == "20431"
    answer = client.post(address(company, "invoice_new"), ENTRY | changes | {"save": "1"})
    assert answer.status_code == 422
    assert field in answer.content.decode()
    assert "error" in answer.content.decode()
    with acting_for(company.id):
        assert Invoice.objects.count() == 1


def test_lines_that_come_to_less_than_nothing_are_added_up_and_told_of(client: Client, company: Company) -> None:
    with acting_for(company.id):
        make_customer(company, name="Karin Wester", number="1001")
    credited = {"lines-1-text": "Avdrag", "lines-1-quantity": "-2", "lines-1-unit_price": "1 000,00"}
    for act in ({"count": "1"}, {"remove": "0"}):
        answer = client.post(address(company, "invoice_new"), ENTRY | credited | act)
        assert answer.status_code == 200
    shown = client.post(address(company, "invoice_new"), ENTRY | credited | {"count": "1"}).content.decode()
    assert "−625,00" in shown
    assert "Betala tillbaka eller kvitta" in shown


def test_a_sent_invoice_is_not_edited(client: Client, company: Company) -> None:
    with acting_for(company.id):
        sent = make_invoice(company, agency_state="received")
    answer = client.get(address(company, "invoice_edit", sent.id))
    assert answer.headers["Location"] == address(company, "invoice", sent.id)


def zipped(*files: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return packed.getvalue()


def test_files_are_uploaded_read_and_reported(client: Client, company: Company) -> None:
    chosen = [
        SimpleUploadedFile("1.xml", invoice_file("F-1")),
        SimpleUploadedFile("fler.zip", zipped(("2.xml", invoice_file("F-2")), ("=cmd.xml", b"<Invoice"))),
    ]
    answer = client.post(address(company, "imports"), {"chosen": chosen})
    with acting_for(company.id):
        run = ImportRun.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, address(company, "import_run", run.id))
    waiting = client.get(answer.headers["Location"])
    assert "0 av 3 filer" in waiting.content.decode()
    assert "hx-get" in waiting.content.decode()
    progress = client.get(address(company, "import_progress", run.id))
    assert "HX-Refresh" not in progress.headers
    with acting_for(company.id):
        while read_next_files(company.id, today=clock.today(), at=clock.now()):
            pass
    assert client.get(address(company, "import_progress", run.id)).headers["HX-Refresh"] == "true"
    page = client.get(answer.headers["Location"]).content.decode()
    for shown in ("=cmd.xml", "XML", "F-1", "F-2", "Ny faktura", "Inte inläst"):
        assert shown in page
    table = client.get(address(company, "import_files", run.id))
    assert table["Cache-Control"] == "private, no-store"
    assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = table.content.decode("utf-8-sig").splitlines()
    assert rows[1] == "1.xml;F-1;Ny faktura;;;"
    assert rows[3].startswith("'=cmd.xml;")
    assert client.get(address(company, "imports")).status_code == 200


def test_files_that_were_there_already_are_counted_among_the_latest_imports(client: Client, company: Company) -> None:
    user = make_user(company)
    for _ in range(2):
        files = [GivenFile("1.xml", invoice_file("F-1")), GivenFile("2.xml", b"")]
        with acting_for(company.id):
            start_import(company.id, files, user=user, at=clock.now())
            while read_next_files(company.id, today=clock.today(), at=clock.now()):
                pass
    page = client.get(address(company, "imports")).content.decode()
    counts = [re.findall(r'data-word="([^"]+)">(\d+)', row) for row in page.split("<tbody>")[1].split("</tr>")[:2]]
    assert counts == [
        [("inlästa:", "0"), ("fanns redan:", "1"), ("inte inlästa:", "1")],
        [("inlästa:", "1"), ("fanns redan:", "0"), ("inte inlästa:", "1")],
    ]


def test_no_file_and_too_many_are_refused_with_what_to_do(
    client: Client, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = address(company, "imports")
    nothing = client.post(url, {})
    assert nothing.status_code == 422
    assert "Välj en fil" in nothing.content.decode()
    monkeypatch.setattr(imports, "MOST_BYTES", 10)
    large = client.post(url, {"chosen": [SimpleUploadedFile("1.xml", invoice_file("F-1"))]})
    assert large.status_code == 422
    assert "åt gången" in large.content.decode()
    with acting_for(company.id):
        assert not ImportedFile.objects.exists()


def test_as_many_files_as_the_page_says_may_come_and_more_are_told_the_limit(
    client: Client, company: Company, settings: Settings
) -> None:
    url = address(company, "imports")
    assert settings.DATA_UPLOAD_MAX_NUMBER_FILES == MOST_FILES
    assert f"Högst {MOST_FILES} filer" in text_of(client.get(url))
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 3

    def files(count: int) -> dict[str, list[SimpleUploadedFile]]:
        return {"chosen": [SimpleUploadedFile(f"{number}.xml", invoice_file(f"F-{number}")) for number in range(count)]}

    careful = Client(enforce_csrf_checks=True)
    careful.force_login(make_user(company))
    careful.get(url)
    for browser in (client, careful):
        refused = browser.post(url, files(4))
        assert refused.status_code == 400
        page = text_of(refused)
        assert "<h1>För många filer på en gång</h1>" in page
        assert "Inget har lästs in. Högst 3 filer går åt gången." in page
    with acting_for(company.id):
        assert not ImportedFile.objects.exists()
    assert client.post(url, files(3)).status_code == 302


def test_a_conflict_shows_what_differs(client: Client, company: Company) -> None:
    user = make_user(company)
    with acting_for(company.id):
        files = [invoice_file("F-1"), invoice_file("F-1", due="2026-11-01", line="Annat arbete")]
        run = start_import(company.id, [GivenFile("x.xml", one) for one in files], user=user, at=clock.now())
        while read_next_files(company.id, today=clock.today(), at=clock.now()):
            pass
    page = text_of(client.get(address(company, "import_run", run.id)))
    assert "<td>2026-10-15</td><td>2026-11-01</td>" in page
    assert "<td>Byte av hängrännor 1 000,00</td><td>Annat arbete 1 000,00</td>" in page


PAGES_TO_WRITE = ("customer_new", "invoice_new", "payments_through")
PAGES_OF_AN_INVOICE = ("invoice_payments", "invoice_credit_notes", "invoice_edit")


def test_a_reader_looks_but_does_not_write(company: Company, invoice: Invoice) -> None:
    reader = Client()
    reader.force_login(make_user(company, Role.READER))
    assert "En ägare eller säljare kan läsa in filer." in reader.get(address(company, "imports")).content.decode()
    for name in PAGES_TO_WRITE:
        assert reader.post(address(company, name), {}).status_code == 403
    for name in PAGES_OF_AN_INVOICE:
        assert reader.post(address(company, name, invoice.id), payment()).status_code == 403
    assert reader.post(address(company, "customer_edit", invoice.customer_id), {"name": "X"}).status_code == 403
    files = {"chosen": [SimpleUploadedFile("1.xml", invoice_file("F-1"))]}
    assert reader.post(address(company, "imports"), files).status_code == 403
    for name in ("customers", "imports"):
        assert reader.get(address(company, name)).status_code == 200
    assert reader.get(address(company, "customer", invoice.customer_id)).status_code == 200
    with acting_for(company.id):
        assert not Payment.objects.exists()
        assert not ImportRun.objects.exists()


def test_another_companys_rows_are_not_there(client: Client, company: Company) -> None:
    other = make_company("Annan AB")
    user = make_user(other)
    with acting_for(other.id):
        theirs = make_invoice(other, make_customer(other, name="Deras Kund"))
        run = start_import(other.id, [GivenFile("1.xml", invoice_file("F-1"))], user=user, at=clock.now())
    for name in PAGES_OF_AN_INVOICE:
        assert client.get(address(company, name, theirs.id)).status_code == 404
    for name in ("customer", "customer_edit"):
        assert client.get(address(company, name, theirs.customer_id)).status_code == 404
    for name in ("import_run", "import_progress", "import_files"):
        assert client.get(address(company, name, run.id)).status_code == 404
    assert "Deras Kund" not in client.get(address(company, "customers"), {"q": "Deras"}).content.decode()
    for url in (address(other, "customers"), address(other, "imports"), address(other, "invoice_payments", theirs.id)):
        assert client.get(url).status_code == 404
