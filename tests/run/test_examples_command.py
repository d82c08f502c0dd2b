"""`punktlig examples` makes a letter of every invented invoice that may have one, with what its README says to add."""

import json
import re
from pathlib import Path

import pytest

from punktlig.run import examples as examples_command
from punktlig.run.examples import EXAMPLE_OPTIONS, EXAMPLES_DAY
from tests.run.running import INVOICES, run

_ROW = re.compile(r"^\| `(?P<file>[^`]+\.xml)` \|(?:[^|]*\|){2} (?P<add>[^|]*)\|", re.MULTILINE)


def test_every_invoice_that_is_not_refused_on_purpose_becomes_a_letter(tmp_path: Path) -> None:
    ran = run("examples", "--out", tmp_path / "letters")
    expected = [path for path in INVOICES.glob("*.xml") if "refused" not in path.name]

    assert ran.status == 0
    assert len(list((tmp_path / "letters").glob("*.pdf"))) == len(expected)
    assert f"Open the letters in {tmp_path / 'letters'}" in ran.err


def test_the_letters_have_what_the_readme_of_the_examples_says_to_add(tmp_path: Path) -> None:
    readme = (INVOICES / "README.md").read_text("utf-8").split("## These are refused")[0]
    added = {row["file"]: row["add"].strip().strip("`").split() for row in _ROW.finditer(readme)}

    assert {file for file, options in added.items() if options} == set(EXAMPLE_OPTIONS)
    run("examples", "--out", tmp_path / "letters")
    for file, options in added.items():
        ran = run("letter", INVOICES / file, "--as-of", EXAMPLES_DAY, *options, "--out", tmp_path / "one", "--json")
        (made,) = ran.document["files"]
        specification = tmp_path / "letters" / Path(made["specification"]).name
        assert json.loads(specification.read_text("utf-8"))["pdf"]["sha256"] == made["sha256"]


def test_without_the_examples_it_says_where_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples_command, "EXAMPLE_INVOICES", tmp_path)
    ran = run("examples", "--out", tmp_path / "letters")

    assert ran.status == 2
    assert "example_invoices_missing" in ran.err
    assert "checkout" in ran.err
