"""The demo makes a letter of every invented invoice that may have one, with what its README says to add."""

import json
import re
from pathlib import Path

import pytest

from punktlig.run import demo as demo_command
from punktlig.run.demo import DEMO_DAY, DEMO_OPTIONS
from tests.run.running import INVOICES, run

_ROW = re.compile(r"^\| `(?P<file>[^`]+\.xml)` \|(?:[^|]*\|){2} (?P<add>[^|]*)\|", re.MULTILINE)


def test_every_invoice_that_is_not_refused_on_purpose_becomes_a_letter(tmp_path: Path) -> None:
    ran = run("demo", "--out", tmp_path / "demo")
    expected = [path for path in INVOICES.glob("*.xml") if "refused" not in path.name]

    assert ran.status == 0
    assert len(list((tmp_path / "demo").glob("*.pdf"))) == len(expected)
    assert f"Open the letters in {tmp_path / 'demo'}" in ran.err


def test_the_demo_adds_what_the_readme_of_the_examples_says(tmp_path: Path) -> None:
    readme = (INVOICES / "README.md").read_text("utf-8").split("## These are refused")[0]
    added = {row["file"]: row["add"].strip().strip("`").split() for row in _ROW.finditer(readme)}

    assert {file for file, options in added.items() if options} == set(DEMO_OPTIONS)
    run("demo", "--out", tmp_path / "demo")
    for file, options in added.items():
        ran = run("letter", INVOICES / file, "--as-of", DEMO_DAY, *options, "--out", tmp_path / "one", "--json")
        (made,) = ran.document["files"]
        specification = tmp_path / "demo" / Path(made["specification"]).name
        assert json.loads(specification.read_text("utf-8"))["pdf"]["sha256"] == made["sha256"]


def test_without_the_examples_the_demo_says_where_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_command, "EXAMPLE_INVOICES", tmp_path)
    ran = run("demo", "--out", tmp_path / "demo")

    assert ran.status == 2
    assert "example_invoices_missing" in ran.err
    assert "checkout" in ran.err
