"""What the command shows of an invoice file, and every reason why it may not become a claim."""

from pathlib import Path

import pytest

from tests.run.running import AS_OF, CONSUMER, EURO, INVOICES, NO_DUE_DATE, changed, run


def test_what_was_read_is_shown_with_amounts_as_text() -> None:
    ran = run("invoice", CONSUMER, *AS_OF, "--json")
    (shown,) = ran.document["files"]

    assert ran.status == 0
    assert ran.document["as_of"] == "2026-11-23"
    assert shown["may_be_claimed"] is True
    assert shown["refusals"] == []
    invoice = shown["invoice"]
    assert (invoice["number"], invoice["kind"], invoice["format"]) == ("20409", "invoice", "ubl")
    assert (invoice["currency"], invoice["payable"]) == ("SEK", "5180.00")
    assert (invoice["issue_date"], invoice["due_date"]) == ("2026-09-18", "2026-10-19")
    assert invoice["seller"]["name"] == "Lillsjöns Snickeri AB"
    assert invoice["buyer"]["name"] == "Gunnel Ask"
    assert invoice["accounts"][0]["kind"] == "bankgiro"


def test_a_claim_that_may_not_be_is_an_answer_and_not_an_error() -> None:
    ran = run("invoice", EURO, *AS_OF, "--json")
    (shown,) = ran.document["files"]

    assert ran.status == 0
    assert shown["may_be_claimed"] is False
    assert [refusal["code"] for refusal in shown["refusals"]] == ["currency_is_not_sek"]
    assert shown["refusals"][0]["facts"] == {"currency": "EUR"}


def test_every_reason_is_told_at_once(tmp_path: Path) -> None:
    path = changed(EURO, tmp_path / "two.xml", ("<cbc:DueDate>", "<!-- "), ("</cbc:DueDate>", " -->"))
    (shown,) = run("invoice", path, *AS_OF, "--json").document["files"]

    assert {"currency_is_not_sek", "due_date_missing"} <= {refusal["code"] for refusal in shown["refusals"]}


def test_what_is_told_on_the_command_line_counts() -> None:
    (unsaid,) = run("invoice", NO_DUE_DATE, *AS_OF, "--json").document["files"]
    (told,) = run("invoice", NO_DUE_DATE, *AS_OF, "--due", "2026-09-18", "--json").document["files"]

    assert [refusal["code"] for refusal in unsaid["refusals"]] == ["due_date_missing"]
    assert told["may_be_claimed"] is True


def test_the_day_decides() -> None:
    not_yet = INVOICES / "26-refused-not-overdue.xml"
    (monday,) = run("invoice", not_yet, "--as-of", "2026-11-23", "--json").document["files"]
    (tuesday,) = run("invoice", not_yet, "--as-of", "2026-11-24", "--json").document["files"]

    assert [refusal["code"] for refusal in monday["refusals"]] == ["not_overdue_yet"]
    assert tuesday["may_be_claimed"] is True


def test_a_file_that_cannot_be_read_does_not_stop_the_others_and_shows_in_the_status(tmp_path: Path) -> None:
    ran = run("invoice", tmp_path, CONSUMER, *AS_OF, "--json")

    assert ran.status == 2
    folder, read = ran.document["files"]
    assert folder["invoice"] is None
    assert folder["may_be_claimed"] is False
    assert [refusal["code"] for refusal in folder["refusals"]] == ["invoice_file_is_a_folder"]
    assert read["may_be_claimed"] is True


def test_a_person_reads_the_facts_and_the_reasons() -> None:
    ran = run("invoice", CONSUMER, EURO, *AS_OF)

    assert ran.status == 0
    assert "Invoice    20409 (UBL)" in ran.out
    assert "May become a claim on 2026-11-23." in ran.out
    assert "May not become a claim on 2026-11-23:\n  currency_is_not_sek: The invoice is in EUR." in ran.out
    assert ran.err == ""


def test_an_unreadable_file_is_told_on_standard_error(tmp_path: Path) -> None:
    ran = run("invoice", tmp_path / "missing.xml", *AS_OF)

    assert ran.status == 2
    assert ran.out == ""
    assert "invoice_file_missing" in ran.err


@pytest.mark.parametrize("path", sorted(INVOICES.glob("*.xml")), ids=lambda path: path.stem)
def test_every_example_can_be_shown_in_both_languages(path: Path) -> None:
    for language in ("en", "sv"):
        ran = run("--language", language, "invoice", path, *AS_OF)
        assert ran.status == (2 if "impossible-date" in path.name else 0)
        assert (ran.out + ran.err).strip()
