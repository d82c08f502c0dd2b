"""Files read into the ledger: each becomes one invoice once, or is refused by name."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from punktlig.formats.archives import ArchiveIsTooLarge, files_in
from punktlig.formats.reader import read_invoice
from punktlig.receivables.actions import imports
from punktlig.receivables.actions.imports import GivenFile, read_next_files, start_import
from punktlig.receivables.jobs.read_imports import read_imports
from punktlig.receivables.records.ledger_refusals import FilesTooLargeTogether, NoFilesGiven, TooManyFiles
from punktlig.receivables.records.models import (
    Command,
    CreditNote,
    Customer,
    Handover,
    HistoryLine,
    ImportedFile,
    ImportRun,
    Invoice,
    InvoiceLine,
)
from punktlig.tenancy.context import acting_for
from tests.receivables.invoice_files import invoice_file
from tests.receivables.sending_samples import NOW, TODAY, make_company, make_customer, make_invoice, make_user

if TYPE_CHECKING:
    from punktlig.receivables.records.models import Company
    from punktlig.tenancy.models import User

SAMPLES = Path(__file__).parents[2] / "samples"
EXAMPLES = Path(__file__).parents[3] / "examples" / "invoices"

pytestmark = pytest.mark.django_db


def read(company: Company, user: User, *files: bytes) -> list[ImportedFile]:
    run = start_import(
        company.id,
        [GivenFile(f"{number}.xml", content) for number, content in enumerate(files, start=1)],
        user=user,
        at=NOW,
    )
    while read_next_files(company.id, today=TODAY, at=NOW):
        pass
    assert ImportRun.objects.get(id=run.id).finished_at == NOW
    return list(ImportedFile.objects.filter(run=run).order_by("position"))


def outcomes(files: list[ImportedFile]) -> list[tuple[str, str]]:
    return [(file.outcome, file.code) for file in files]


def test_a_file_becomes_an_invoice_with_lines_customer_and_its_bytes(company: Company, user: User) -> None:
    content = invoice_file("F-1", buyer="Anna Ek", buyer_number="19800101-2387")
    (file,) = read(company, user, content)
    invoice = Invoice.objects.select_related("customer").get()
    assert (file.outcome, file.invoice_id, file.invoice_number, file.content) == ("created", invoice.id, "F-1", None)
    assert (invoice.number, invoice.payable_ore, invoice.tax_ore, invoice.remaining_ore) == (
        "F-1",
        125_000,
        25_000,
        125_000,
    )
    assert bytes(invoice.source_bytes or b"") == content
    assert (invoice.source_format, invoice.source_sha256) == ("ubl", file.sha256)
    assert (invoice.customer.name, invoice.customer.postcode, invoice.customer.kind) == ("Anna Ek", "123 46", "")
    line = InvoiceLine.objects.get()
    assert (line.text, line.amount_ore, line.unit) == ("Byte av hängrännor", 100_000, "HUR")
    history = HistoryLine.objects.get()
    assert (history.code, history.actor, history.facts) == ("invoice_imported", "Maja Lind", {"file": "1.xml"})


def test_the_same_file_twice_is_one_invoice(company: Company, user: User) -> None:
    content = invoice_file("F-1")
    assert outcomes(read(company, user, content, content)) == [("created", ""), ("same", "")]
    assert outcomes(read(company, user, content)) == [("same", "")]
    assert (Invoice.objects.count(), Customer.objects.count(), InvoiceLine.objects.count()) == (1, 1, 1)


def test_other_bytes_with_the_same_facts_are_the_same_invoice(company: Company, user: User) -> None:
    read(company, user, invoice_file("F-1"))
    assert outcomes(read(company, user, invoice_file("F-1", comment="Tack"))) == [("same", "")]


def test_the_same_number_with_other_facts_is_a_conflict_that_shows_both(company: Company, user: User) -> None:
    read(company, user, invoice_file("F-1"))
    (file,) = read(company, user, invoice_file("F-1", payable="1300.00", tax="260.00", due="2026-10-30"))
    assert outcomes([file]) == [("conflict", "file_contradicts_invoice")]
    assert ["due_date", "2026-10-15", "2026-10-30"] in file.facts["differences"]
    assert ["payable_ore", "1250.00", "1300.00"] in file.facts["differences"]
    assert "Faktura F-1 till Anna Ek finns redan" in file.message
    assert "the file differs in due date" in file.facts["en"]["what"]
    assert Invoice.objects.get().payable_ore == 125_000


def test_an_invoice_of_another_seller_is_refused_by_name(company: Company, user: User) -> None:
    (file,) = read(company, user, invoice_file("F-1", seller="Nordahl AB", seller_number="556677-8899"))
    assert outcomes([file]) == [("refused", "invoice_of_another_seller")]
    assert "Nordahl AB (556677-8899)" in file.message
    assert not Invoice.objects.exists()


def test_customers_are_known_by_number_and_by_name_and_postcode(company: Company, user: User) -> None:
    known = make_customer(company, name="Nordahl & Söner Åkeri AB", identity_number="5566778899", postcode="")
    files = read(
        company,
        user,
        invoice_file("F-1", buyer="Nordahl Åkeri", buyer_number="556677-8899"),
        invoice_file("F-2", buyer="Anna Ek", postcode="12346"),
        invoice_file("F-3", buyer="Anna Ek", postcode="123 46"),
        invoice_file("F-4", buyer="Anna Ek", postcode="999 99"),
    )
    assert {outcome for outcome, _ in outcomes(files)} == {"created"}
    by_number = dict(Invoice.objects.values_list("number", "customer_id"))
    assert by_number["F-1"] == known.id
    assert by_number["F-2"] == by_number["F-3"] != by_number["F-4"]
    # Two of the same name with different identity numbers are two people.
    read(
        company,
        user,
        invoice_file("F-5", buyer_number="19800101-2387"),
        invoice_file("F-6", buyer_number="19900101-2385"),
    )
    by_number = dict(Invoice.objects.values_list("number", "customer_id"))
    assert by_number["F-5"] != by_number["F-6"]


def test_a_known_customer_keeps_its_mended_address(company: Company, user: User) -> None:
    make_customer(company, name="Anna Ek", postcode="123 46", street="Nya vägen 1", email="")
    read(company, user, invoice_file("F-1"))
    customer = Customer.objects.get()
    assert customer.street == "Nya vägen 1"


def test_a_credit_note_lowers_its_invoice_even_when_it_comes_first(company: Company, user: User) -> None:
    files = read(company, user, invoice_file("K-1", corrects="F-1", payable="250.00", tax="50.00"), invoice_file("F-1"))
    assert outcomes(files) == [("credited", ""), ("created", "")]
    invoice = Invoice.objects.get()
    assert (invoice.credited_ore, invoice.remaining_ore) == (25_000, 100_000)
    assert CreditNote.objects.get().number == "K-1"
    again = read(company, user, invoice_file("K-1", corrects="F-1", payable="250.00", tax="50.00"))
    assert outcomes(again) == [("same", "")]
    other = read(company, user, invoice_file("K-1", corrects="F-1", payable="300.00", tax="60.00"))
    assert outcomes(other) == [("conflict", "credit_note_number_taken")]
    assert Invoice.objects.get().remaining_ore == 100_000


def test_a_credit_note_without_its_invoice_says_which_is_missing(company: Company, user: User) -> None:
    (file,) = read(company, user, invoice_file("K-1", corrects="F-9"))
    assert outcomes([file]) == [("refused", "credited_invoice_missing")]
    assert "F-9" in file.message


def test_a_credit_note_to_another_customer_leaves_the_invoice_alone(company: Company, user: User) -> None:
    read(company, user, invoice_file("F-1", buyer_number="556677-8899"))
    files = read(
        company,
        user,
        invoice_file("K-1", corrects="F-1", payable="100.00", tax="20.00", buyer="Nordahl Åkeri AB"),
        invoice_file("K-2", corrects="F-1", payable="100.00", tax="20.00", buyer_number="559012-3450"),
        invoice_file("K-3", corrects="F-1", payable="100.00", tax="20.00", buyer="ANNA EK"),
        invoice_file("K-4", corrects="F-1", payable="100.00", tax="20.00", buyer="A Ek", buyer_number="5566778899"),
    )
    refused = ("refused", "credit_note_to_another_customer")
    assert outcomes(files) == [refused, refused, ("credited", ""), ("credited", "")]
    assert "Nordahl Åkeri AB" in files[0].message
    assert "Anna Ek" in files[0].message
    assert Invoice.objects.get().credited_ore == 20_000


def test_a_credit_note_above_what_the_invoice_asked_for_is_refused(company: Company, user: User) -> None:
    files = read(
        company,
        user,
        invoice_file("F-1"),
        invoice_file("K-1", corrects="F-1", payable="1000.00", tax="200.00"),
        invoice_file("K-2", corrects="F-1", payable="500.00", tax="100.00"),
    )
    assert outcomes(files) == [("created", ""), ("credited", ""), ("refused", "credit_exceeds_invoice")]
    assert Invoice.objects.get().remaining_ore == 25_000


def test_a_credit_note_on_a_sent_invoice_is_told_the_agency(company: Company, user: User) -> None:
    invoice = make_invoice(company, number="F-1", agency_state="received")
    handover = Handover.objects.create(
        company=company, invoice=invoice, state="acknowledged", created_at=NOW, created_by=user, body=b"{}",
        sha256="0" * 64, next_try_at=NOW,
    )  # fmt: skip
    read(company, user, invoice_file("K-1", corrects="F-1", payable="200.00", tax="40.00"))
    command = Command.objects.get()
    assert (command.id, command.handover_id, command.kind) == (CreditNote.objects.get().id, handover.id, "credit_note")
    assert b'"amount":"200.00"' in bytes(command.body)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_is_empty"),
        (b"%PDF-1.7 hello", "file_is_pdf"),
        (b"<html></html>", "not_an_invoice_file"),
        (b"<Invoice", "xml_is_broken"),
        (invoice_file("F" * 61), "text_too_long_to_keep"),
        (invoice_file("F-1", payable="1250.005"), "amount_finer_than_ore"),
        (invoice_file("F-1", payable="-10.00", tax="0.00"), "total_is_negative"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(company: Company, user: User, content: bytes, code: str) -> None:
    (file,) = read(company, user, content)
    assert outcomes([file]) == [("refused", code)]
    for language in ("sv", "en"):
        assert file.facts[language]["what"]
        assert file.facts[language]["todo"]
    assert not Invoice.objects.exists()


def test_an_invoice_in_foreign_currency_is_kept(company: Company, user: User) -> None:
    (file,) = read(company, user, invoice_file("F-1", currency="EUR"))
    assert outcomes([file]) == [("created", "")]
    assert Invoice.objects.get().currency == "EUR"


def test_the_samples_are_invoices_of_other_sellers(company: Company, user: User) -> None:
    contents = [path.read_bytes() for path in sorted(SAMPLES.rglob("*.xml"))]
    assert contents
    assert {code for _, code in outcomes(read(company, user, *contents))} == {"invoice_of_another_seller"}


def test_a_sample_is_read_whole_by_its_own_seller(company: Company, user: User) -> None:
    company.name = "The Sellercompany Incorporated"  # the file has no organisation number of its seller
    company.save()
    (file,) = read(company, user, (SAMPLES / "ubl" / "ubl_se_sek_example7.xml").read_bytes())
    assert (file.outcome, file.message) == ("created", "")
    invoice = Invoice.objects.get()
    assert (invoice.currency, invoice.payable_ore) == ("SEK", 320_000)
    assert InvoiceLine.objects.filter(invoice=invoice).exists()


def test_a_file_that_breaks_the_reader_does_not_stop_the_others(
    company: Company, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = read_invoice
    broken = invoice_file("F-2")

    def breaks(content: bytes) -> object:
        if content == broken:
            raise ZeroDivisionError
        return whole(content)

    monkeypatch.setattr(imports, "read_invoice", breaks)
    files = read(company, user, invoice_file("F-1"), broken, invoice_file("F-3"))
    assert outcomes(files) == [("created", ""), ("refused", "file_broke_the_reader"), ("created", "")]


def test_a_chunk_costs_the_same_number_of_queries_whatever_its_size(company: Company, user: User) -> None:
    def queries(first: int, count: int) -> int:
        files = [invoice_file(f"F-{number}", buyer=f"Kund {number}") for number in range(first, first + count)]
        start_import(company.id, [GivenFile("x.xml", content) for content in files], user=user, at=NOW)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert read_next_files(company.id, today=TODAY, at=NOW)
        assert read_next_files(company.id, today=TODAY, at=NOW)
        return len(captured)

    assert queries(1000, 5) == queries(2000, 60)
    assert Invoice.objects.count() == 65


def zipped(*files: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return packed.getvalue()


def test_a_zip_is_its_files_without_what_the_system_hid_in_it(company: Company, user: User) -> None:
    packed = zipped(
        ("mapp/1.xml", invoice_file("F-1")), ("__MACOSX/._1.xml", b"x"), (".DS_Store", b"x"), ("2.pdf", b"%PDF-1")
    )
    files = read(company, user, packed)
    assert [(file.name, file.outcome) for file in files] == [("1.xml", "created"), ("2.pdf", "refused")]


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = zipped(("1.xml", b" " * 3_000_000))
    assert len(bomb) < 10_000
    with pytest.raises(ArchiveIsTooLarge):
        files_in("b.zip", bomb, most_files=10, most_bytes=1_000_000)
    # An archive that lies about its sizes is stopped while it is read.
    lying = bomb.replace((3_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    with pytest.raises(Exception, match=r"archive_is_(broken|too_large)"):
        files_in("b.zip", lying, most_files=10, most_bytes=1_000_000)


def test_limits_are_told_before_anything_is_kept(company: Company, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoFilesGiven):
        start_import(company.id, [], user=user, at=NOW)
    monkeypatch.setattr(imports, "MOST_FILES", 2)
    with pytest.raises(TooManyFiles):
        start_import(company.id, [GivenFile("x", b"x")] * 3, user=user, at=NOW)
    monkeypatch.setattr(imports, "MOST_BYTES", 10)
    with pytest.raises(FilesTooLargeTogether):
        start_import(company.id, [GivenFile("x", b"x" * 11)], user=user, at=NOW)
    assert not ImportRun.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_job_reads_every_company_and_each_sees_its_own() -> None:
    runs = []
    for name in ("Ett AB", "Två AB"):
        company = make_company(name)
        user = make_user(company)
        with acting_for(company.id):
            runs.append(
                (company, start_import(company.id, [GivenFile("1.xml", invoice_file("F-1"))], user=user, at=NOW))
            )
    read_imports()
    read_imports()
    for company, run in runs:
        with acting_for(company.id):
            assert Invoice.objects.get().company_id == company.id
            assert ImportRun.objects.get().id == run.id
            assert ImportRun.objects.get().finished_at is not None


def test_the_example_invoices_are_kept_but_for_those_that_are_no_invoices_of_the_company(
    company: Company, user: User
) -> None:
    """What stands in the way of a reminder alone, such as a missing street, is told when the invoice is to be sent."""
    company.organisation_number = "5598334174"
    company.save()
    contents = {path.name: path.read_bytes() for path in sorted(EXAMPLES.glob("*.xml"))}
    files = read(company, user, *contents.values())
    untaken = {
        name.removesuffix(".xml"): file.code
        for name, file in zip(contents, files, strict=True)
        if file.outcome not in ("created", "credited")
    }
    assert untaken == {
        "23-refused-credit-note": "credited_invoice_missing",
        "27-refused-another-payee": "payee_is_another",
        "30-refused-self-billed": "invoice_is_self_billed",
        "32-refused-negative": "total_is_negative",
        "33-refused-impossible-date": "field_is_unreadable",
    }
    assert Invoice.objects.filter(deduction="rot").exists()
