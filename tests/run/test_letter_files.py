"""File names that are safe anywhere, and case numbers that depend on creditor and invoice alone."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punktlig.formats.ocr import OcrLevel, check_ocr
from punktlig.formats.reader import read_invoice
from punktlig.run.case_number import case_number, creditor_key, payment_reference
from punktlig.run.letter_files import FolderCannotBeUsed, letter_stem, prepare_folder, write_together
from tests.run.running import CONSUMER

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("number", "stem"),
    [
        ("20409", "20409_48213907"),
        ("A/2026/17", "A-2026-17_48213907"),
        ("../../etc/passwd", "etc-passwd_48213907"),
        ("Fäktura 7", "Faktura-7_48213907"),
        ("C:\\aux", "C-aux_48213907"),
        (".hidden", "hidden_48213907"),
        ("-rf", "rf_48213907"),
        ("发票", "invoice_48213907"),
        ("\n", "invoice_48213907"),
    ],
)
def test_a_letter_is_named_by_its_invoice(number: str, stem: str) -> None:
    assert letter_stem(number, "48213907") == stem


@given(st.text(max_size=2000))
def test_a_name_is_safe_whatever_the_invoice_is_called(number: str) -> None:
    stem = letter_stem(number, "48213907")

    assert set(stem) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")
    assert stem[0] not in ".-"
    assert len(stem) <= 69


@given(st.text(), st.text())
def test_a_case_number_is_eight_digits_without_a_leading_zero_and_its_reference_is_an_ocr(a: str, b: str) -> None:
    case = case_number(a, b)

    assert len(case) == 8
    assert case.isascii()
    assert case.isdigit()
    assert case[0] != "0"
    assert check_ocr(payment_reference(case), (OcrLevel.CHECK_DIGIT, OcrLevel.LENGTH_DIGIT))
    assert case == case_number(a, b)


def test_the_case_number_of_an_invoice_never_changes() -> None:
    # Letters that lie with debtors bear it.
    assert case_number("559833-4174", "20409") == "25006608"


def test_a_creditor_is_the_same_however_its_number_is_written() -> None:
    invoice = read_invoice(CONSUMER.read_bytes())

    def key(identity_number: str, vat_number: str = "", name: str = "Lillsjöns Snickeri AB") -> str:
        seller = replace(invoice.seller, identity_number=identity_number, vat_number=vat_number, name=name)
        return creditor_key(replace(invoice, seller=seller), today=TODAY)

    same = {
        key(identity_number="5598334174"),
        key(identity_number="559833-4174"),
        key(identity_number="165598334174"),
        key(identity_number="", vat_number="SE559833417401"),
    }
    assert same == {"559833-4174"}
    assert key(identity_number="", vat_number="", name=" Lillsjöns  Snickeri AB") == "lillsjöns snickeri ab"
    assert key(identity_number="NO 123 456") == key(identity_number="no123456")


def test_a_folder_is_made_and_left_empty(tmp_path: Path) -> None:
    prepare_folder(tmp_path / "a" / "b")

    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_a_folder_inside_a_file_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderCannotBeUsed) as caught:
        prepare_folder(tmp_path / "file" / "out")

    assert caught.value.reason == "Not a directory"


def test_the_files_of_a_letter_replace_older_ones_and_a_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.write_text("mine")
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.pdf").symlink_to(mine)
    (out / "a.json").write_text("old")
    write_together(out, {"a.json": b"new", "a.pdf": b"%PDF"})

    assert (out / "a.json").read_bytes() == b"new"
    assert (out / "a.pdf").read_bytes() == b"%PDF"
    assert not (out / "a.pdf").is_symlink()
    assert mine.read_text() == "mine"
    assert len(list(out.iterdir())) == 2


def test_a_name_that_is_a_folder_already_stops_the_letter_and_leaves_no_parts(tmp_path: Path) -> None:
    (tmp_path / "a.json").mkdir()
    with pytest.raises(FolderCannotBeUsed):
        write_together(tmp_path, {"a.json": b"new", "a.pdf": b"%PDF"})

    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
