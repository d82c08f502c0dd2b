"""An agency file is read only when all of it is right; what is wrong is named by file and key."""

from datetime import date
from pathlib import Path

import pytest

from punktlig.formats.agency_file import (
    INVENTED_AGENCY,
    AgencyFileCannotBeRead,
    AgencyFileIsNotToml,
    AgencyKeyMissing,
    AgencyKeyUnknown,
    AgencyValueIsWrong,
    read_agency_file,
)
from tests.run.running import AS_OF, CONSUMER, EXAMPLES, run

TODAY = date(2026, 11, 23)
EXAMPLE = (EXAMPLES / "agency.toml").read_text("utf-8")


def written(folder: Path, text: str) -> Path:
    path = folder / "agency.toml"
    path.write_text(text, "utf-8")
    return path


def with_value(key: str, value: str) -> str:
    lines = [f"{key} = {value}" if line.startswith(f"{key} =") else line for line in EXAMPLE.splitlines()]
    assert lines != EXAMPLE.splitlines()
    return "\n".join(lines)


def test_the_example_file_is_the_invented_agency() -> None:
    assert read_agency_file(EXAMPLES / "agency.toml", today=TODAY) == INVENTED_AGENCY


def test_numbers_are_kept_as_they_are_printed(tmp_path: Path) -> None:
    text = with_value("bankgiro", '"50501055"').replace('"559870-2149"', '"5598702149"')
    agency = read_agency_file(written(tmp_path, text.replace("SE45 5000 0000 0583", "SE45500000000583")), today=TODAY)

    assert agency == INVENTED_AGENCY


def test_a_key_that_is_not_known_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, f'{EXAMPLE}\nbankgiroo = "5050-1055"\n')
    with pytest.raises(AgencyKeyUnknown) as caught:
        read_agency_file(path, today=TODAY)

    assert (caught.value.file, caught.value.key) == (str(path), "bankgiroo")


def test_a_key_that_is_missing_is_named_and_a_key_that_may_be_is_not(tmp_path: Path) -> None:
    def without(key: str) -> Path:
        return written(tmp_path, "\n".join(line for line in EXAMPLE.splitlines() if not line.startswith(f"{key} =")))

    with pytest.raises(AgencyKeyMissing) as caught:
        read_agency_file(without("iban"), today=TODAY)

    assert caught.value.key == "iban"
    assert read_agency_file(without("website"), today=TODAY).website == ""


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("bankgiro", '"5050-1056"'),
        ("bankgiro", '"5050-105"'),
        ("bankgiro", "50501055"),
        ("iban", '"SE46 5000 0000 0583 9825 7466"'),
        ("iban", '"SE45"'),
        ("bic", '"ESSE"'),
        ("organisation_number", '"559870-2148"'),
        ("organisation_number", '"19811228-9874"'),
        ("name", '""'),
        ("name", '"   "'),
        ("name", '"Ek\\u202Eviken"'),
        ("name", f'"{"x" * 201}"'),
        ("email", '"hej"'),
        ("telephone", '"+46 8 465 004 10"'),
        ("postcode", '"8312"'),
        ("approved_for_f_tax", '"yes"'),
        ("seat", "[]"),
    ],
)
def test_a_value_that_cannot_be_right_is_refused_by_its_key(tmp_path: Path, key: str, value: str) -> None:
    path = written(tmp_path, with_value(key, value))
    with pytest.raises(AgencyValueIsWrong) as caught:
        read_agency_file(path, today=TODAY)

    assert (caught.value.file, caught.value.key) == (str(path), key)


@pytest.mark.parametrize("content", [b"name = Ekviken", b'name = "a"\nname = "b"', b"\xff\xfe", b"#" * 100_001])
def test_a_file_that_is_not_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "agency.toml"
    path.write_bytes(content)
    with pytest.raises(AgencyFileIsNotToml):
        read_agency_file(path, today=TODAY)


def test_a_file_that_is_not_there_or_is_a_folder_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.toml", tmp_path):
        with pytest.raises(AgencyFileCannotBeRead):
            read_agency_file(path, today=TODAY)


def test_without_an_agency_the_letter_is_made_with_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run("letter", CONSUMER, *AS_OF, "--out", tmp_path / "out")

    assert ran.status == 0
    assert "invented sender, Ekviken Ombud AB" in ran.err


def test_the_agency_file_of_the_working_folder_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, with_value("name", '"Björkens Ombud AB"'))
    monkeypatch.chdir(tmp_path)
    ran = run("letter", CONSUMER, *AS_OF, "--out", tmp_path / "out", "--json")

    assert ran.document["agency"] == "Björkens Ombud AB"
    assert ran.err == ""


def test_a_wrong_agency_file_stops_the_command_before_any_letter(tmp_path: Path) -> None:
    path = written(tmp_path, with_value("bankgiro", '"5050-1056"'))
    ran = run("letter", CONSUMER, *AS_OF, "--out", tmp_path / "out", "--agency", path)

    assert ran.status == 2
    assert f"agency_value_is_wrong: In the agency file {path}, bankgiro is “5050-1056”" in ran.err
    assert not (tmp_path / "out").exists()
