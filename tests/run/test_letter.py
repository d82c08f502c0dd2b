"""Letters from files: a PDF and its explanation or a named no, in order, and never half of anything."""

import hashlib
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from punktlig.core.letter.content import LetterContent
from punktlig.letters.renderer import render_letter
from punktlig.run import letter_making
from tests.run.running import AS_OF, CONSUMER, EURO, EXAMPLES, INVOICES, NO_DUE_DATE, TRADER, Ran, changed, run

FEE = ("--reminder-fee-agreed-since", "2024-03-01")


def letters(folder: Path, *arguments: object) -> Ran:
    return run("letter", *AS_OF, "--out", folder, "--json", *arguments)


def codes(outcome: Any) -> list[str]:
    return [refusal["code"] for refusal in outcome["refusals"]]


def text_of(pdf: Path) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return "\n".join(pages).replace("\u00a0", " ").replace("\r\n", "\n")


def test_an_invoice_becomes_a_letter_and_its_explained_specification(tmp_path: Path) -> None:
    ran = letters(tmp_path / "out", CONSUMER, *FEE)
    (made,) = ran.document["files"]

    assert ran.status == 0
    assert (ran.document["as_of"], ran.document["made"], ran.document["refused"]) == ("2026-11-23", 1, 0)
    assert made["outcome"] == "made"
    assert made["file"] == str(CONSUMER)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        Path(made["specification"]).name,
        Path(made["pdf"]).name,
    ]
    pdf = Path(made["pdf"]).read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert hashlib.sha256(pdf).hexdigest() == made["sha256"]
    specification = json.loads(Path(made["specification"]).read_text("utf-8"))
    assert specification["pdf"] == {"file": Path(made["pdf"]).name, "sha256": made["sha256"]}
    assert specification["total"] == made["total"]
    assert specification["payment_reference"] == made["payment_reference"]
    assert specification["invoice"]["sha256"] == hashlib.sha256(CONSUMER.read_bytes()).hexdigest()


def test_the_lines_of_the_specification_add_up_and_the_letter_says_the_same(tmp_path: Path) -> None:
    (made,) = letters(tmp_path, CONSUMER, *FEE).document["files"]
    specification = json.loads(Path(made["specification"]).read_text("utf-8"))

    assert sum(Decimal(line["amount"]) for line in specification["lines"]) == Decimal(made["total"])
    assert {line["what"] for line in specification["lines"]} == {"principal", "interest", "reminder_fee"}
    assert specification["charge"] == {"kind": "reminder_fee", "amount": "60.00", "statute": "1981:739 s. 2"}
    written = text_of(Path(made["pdf"]))
    total = f"{Decimal(made['total']):,.2f}".replace(",", " ").replace(".", ",")
    assert total in written
    assert made["case_number"] in written
    assert made["payment_reference"] in written


def test_one_refusal_does_not_stop_the_rest_and_the_order_stays(tmp_path: Path) -> None:
    files = (EURO, CONSUMER, tmp_path / "missing.xml", NO_DUE_DATE, TRADER)
    ran = letters(tmp_path / "out", *files)

    assert ran.status == 2
    assert [outcome["file"] for outcome in ran.document["files"]] == [str(path) for path in files]
    assert [outcome["outcome"] for outcome in ran.document["files"]] == [
        "refused",
        "made",
        "refused",
        "refused",
        "made",
    ]
    assert (ran.document["made"], ran.document["refused"]) == (2, 3)
    assert codes(ran.document["files"][0]) == ["currency_is_not_sek"]
    assert codes(ran.document["files"][2]) == ["invoice_file_missing"]
    assert codes(ran.document["files"][3]) == ["due_date_missing"]


def test_a_person_reads_results_on_standard_output_and_refusals_on_standard_error(tmp_path: Path) -> None:
    ran = run("letter", CONSUMER, EURO, *AS_OF, "--out", tmp_path)

    assert ran.status == 2
    assert str(CONSUMER) in ran.out
    assert "currency_is_not_sek" not in ran.out
    assert f"{EURO}: currency_is_not_sek: The invoice is in EUR." in ran.err
    assert f"1 letter in {tmp_path}, 1 refused." in ran.err


def test_a_letter_of_the_invented_agency_says_so_to_programs_too(tmp_path: Path) -> None:
    invented = letters(tmp_path, CONSUMER)
    own = letters(tmp_path, CONSUMER, "--agency", EXAMPLES / "agency.toml")

    assert (invented.document["agency"], invented.document["agency_is_invented"]) == ("Ekviken Ombud AB", True)
    assert own.document["agency_is_invented"] is False
    assert invented.err == ""


def test_the_same_invoice_gives_the_same_bytes_and_names_in_every_run(tmp_path: Path) -> None:
    first = letters(tmp_path / "a", CONSUMER, TRADER).document["files"]
    second = letters(tmp_path / "b", TRADER, CONSUMER).document["files"]

    assert {made["sha256"] for made in first} == {made["sha256"] for made in second}
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == sorted(
        path.name for path in (tmp_path / "b").iterdir()
    )


def test_worker_processes_make_the_same_letters_in_the_same_order(tmp_path: Path) -> None:
    files = (TRADER, EURO, CONSUMER, INVOICES / "14-name-like-markup.xml")
    alone = letters(tmp_path / "alone", *files, "--jobs", 1).document["files"]
    shared = letters(tmp_path / "shared", *files, "--jobs", 2).document["files"]

    assert [outcome["file"] for outcome in shared] == [str(path) for path in files]
    assert [outcome.get("sha256") for outcome in shared] == [outcome.get("sha256") for outcome in alone]
    assert codes(shared[1]) == ["currency_is_not_sek"]


def test_a_refusal_of_a_worker_is_told_like_any_other(tmp_path: Path) -> None:
    emoji = changed(CONSUMER, tmp_path / "emoji.xml", ("Gunnel Ask", "Gunnel Ask 🦊"))
    outcomes = letters(tmp_path / "out", emoji, TRADER, "--jobs", 2).document["files"]

    assert codes(outcomes[0]) == ["character_not_covered"]
    assert outcomes[1]["outcome"] == "made"


def test_the_same_invoice_twice_is_refused_the_second_time_also_when_the_files_differ(tmp_path: Path) -> None:
    other = changed(CONSUMER, tmp_path / "other.xml", ("Gunnel Ask", "Gunnel Alm"))
    ran = letters(tmp_path / "out", CONSUMER, TRADER, other)
    refused = ran.document["files"][2]

    assert ran.status == 2
    assert codes(refused) == ["invoice_given_twice"]
    assert refused["refusals"][0]["facts"]["first_file"] == str(CONSUMER)
    assert ran.document["made"] == 2


def test_the_same_number_from_another_creditor_is_another_letter(tmp_path: Path) -> None:
    other = changed(CONSUMER, tmp_path / "other.xml", ("5598334174", "5598702149"))
    files = letters(tmp_path / "out", CONSUMER, other).document["files"]

    assert [made["outcome"] for made in files] == ["made", "made"]
    assert files[0]["pdf"] != files[1]["pdf"]


def test_two_invoices_that_meet_in_one_case_number_never_share_a_reference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letter_making, "case_number", lambda _creditor, _number: "48213907")
    files = letters(tmp_path, CONSUMER, TRADER).document["files"]

    assert files[0]["outcome"] == "made"
    assert codes(files[1]) == ["case_number_taken"]


def test_the_kind_of_debtor_is_asked_for_by_name(tmp_path: Path) -> None:
    sole_trader = INVOICES / "13-sole-trader.xml"
    asked = run("letter", sole_trader, *AS_OF, "--out", tmp_path)
    told = letters(tmp_path, sole_trader, "--debtor", "trader")

    assert asked.status == 2
    assert "debtor_kind_unknown" in asked.err
    assert "--debtor consumer|trader|public" in asked.err
    assert told.status == 0


def test_a_due_date_may_be_told_where_the_file_has_none(tmp_path: Path) -> None:
    ran = letters(tmp_path, NO_DUE_DATE, "--due", "2026-09-18")

    assert ran.status == 0
    specification = json.loads(Path(ran.document["files"][0]["specification"]).read_text("utf-8"))
    assert specification["due"]["written_date"] == "2026-09-18"


def test_without_an_agreed_day_interest_counts_from_the_day_the_demand_was_sent(tmp_path: Path) -> None:
    unsaid = letters(tmp_path, TRADER, "--start", "after-demand")
    told = letters(tmp_path, TRADER, "--start", "after-demand", "--demand-sent", "2026-10-07")

    assert codes(unsaid.document["files"][0]) == ["due_date_not_agreed_and_no_demand_sent"]
    specification = json.loads(Path(told.document["files"][0]["specification"]).read_text("utf-8"))
    # Sent on 7 October, the thirtieth day is 6 November.
    assert specification["due"]["first_interest_day"] == "2026-11-07"


def test_a_consumer_who_was_not_warned_owes_no_interest_after_a_demand(tmp_path: Path) -> None:
    after_demand = (CONSUMER, "--start", "after-demand", "--demand-sent", "2026-09-20")

    def specification(*arguments: str) -> Any:
        (made,) = letters(tmp_path, *after_demand, *arguments).document["files"]
        return json.loads(Path(made["specification"]).read_text("utf-8"))

    unwarned, warned = specification(), specification("--warned-of-interest")
    assert (unwarned["interest"], unwarned["no_interest_because"]) == (None, "consumer_not_warned")
    assert warned["no_interest_because"] is None
    assert Decimal(warned["interest"]["total"]) > 0


def test_a_part_payment_and_a_customer_share_are_taken_off(tmp_path: Path) -> None:
    paid = letters(
        tmp_path, INVOICES / "12-trader-cii.xml", "--paid", "2026-10-30:10000", "--paid", "2026-10-30:9178.36"
    ).document["files"][0]
    share = letters(tmp_path, INVOICES / "05-consumer-rot.xml", "--customer-share", "34665.00").document["files"][0]

    assert json.loads(Path(paid["specification"]).read_text("utf-8"))["unpaid"] == "29071.64"
    assert json.loads(Path(share["specification"]).read_text("utf-8"))["owed"] == "34665.00"


def test_a_changed_share_is_asked_to_be_confirmed(tmp_path: Path) -> None:
    changed_share = (INVOICES / "31-refused-rot-share-changed.xml", "--customer-share", "17100.00")
    asked = letters(tmp_path, *changed_share).document["files"][0]
    confirmed = letters(tmp_path, *changed_share, "--customer-share-confirmed")

    assert codes(asked) == ["customer_share_changed"]
    assert "--customer-share-confirmed" in asked["refusals"][0]["todo"]
    assert confirmed.status == 0


def test_the_debt_text_stands_in_the_letter(tmp_path: Path) -> None:
    (made,) = letters(tmp_path, CONSUMER, "--debt-text", "byte av hängrännor").document["files"]

    assert "byte av hängrännor" in text_of(Path(made["pdf"]))


def test_a_customer_abroad_gets_english_unless_told_otherwise(tmp_path: Path) -> None:
    norwegian = INVOICES / "08-trader-norway-iban.xml"
    (english,) = letters(tmp_path / "a", norwegian).document["files"]
    (swedish,) = letters(tmp_path / "b", norwegian, "--lang", "sv").document["files"]

    assert (english["language"], swedish["language"]) == ("en", "sv")
    assert "Payment reminder" in text_of(Path(english["pdf"]))
    assert "Påminnelse" in text_of(Path(swedish["pdf"]))


def test_a_consumer_abroad_is_asked_for_interest_only_when_the_creditor_decides_so(tmp_path: Path) -> None:
    danish = (INVOICES / "09-consumer-denmark.xml", "--debtor", "consumer")
    (spared,) = letters(tmp_path / "a", *danish).document["files"]
    (charged,) = letters(tmp_path / "b", *danish, "--charge-consumers-abroad").document["files"]

    assert spared["total"] == "14750.00"
    assert Decimal(charged["total"]) > Decimal("14750.00")


def test_a_customer_called_like_markup_is_printed_as_a_name(tmp_path: Path) -> None:
    (made,) = letters(tmp_path, INVOICES / "14-name-like-markup.xml").document["files"]

    assert "#set text(red)" in text_of(Path(made["pdf"]))


@pytest.mark.parametrize(
    "arguments",
    [
        ("--due", "2026-09-18"),
        ("--paid", "2026-10-30:1"),
        ("--customer-share", "1"),
        ("--debt-text", "ved"),
        ("--limitation-interrupted", "2026-01-01"),
        ("--start", "after-demand", "--demand-sent", "2026-09-18"),
    ],
)
def test_a_fact_of_one_invoice_is_refused_for_several(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ran = letters(tmp_path / "out", CONSUMER, TRADER, *arguments)

    assert ran.status == 2
    assert ran.refusal["code"] == "option_is_for_one_invoice"
    assert ran.refusal["facts"]["option"] in arguments
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        (*FEE, "--late-payment-compensation"),
        ("--demand-sent", "2026-09-18"),
        ("--warned-of-interest",),
        ("--customer-share-confirmed",),
        ("--paid", "2026-10-30"),
        ("--paid", "2026-10-30:0"),
        ("--paid", "2026-10-30:-5"),
        ("--debtor", "friend"),
        ("--lang", "de"),
        ("--jobs", "0"),
    ],
)
def test_options_that_contradict_or_mean_nothing_are_bad_input(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ran = letters(tmp_path / "out", CONSUMER, *arguments)

    assert ran.status == 2
    assert ran.out == ""
    assert not (tmp_path / "out").exists()


def test_a_file_in_place_of_the_folder_is_refused_before_any_work(tmp_path: Path) -> None:
    in_the_way = tmp_path / "out"
    in_the_way.write_text("mine")
    ran = letters(in_the_way, CONSUMER)

    assert ran.status == 2
    assert ran.out == ""
    assert ran.refusal["code"] == "folder_cannot_be_used"
    assert in_the_way.read_text() == "mine"


def test_a_folder_that_fills_up_stops_the_run_and_leaves_only_whole_letters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Path.open
    full = {"after": 3}  # the trial of the folder and the two files of the first letter

    def open_until_full(self: Path, mode: str = "r", *rest: Any, **named: Any) -> Any:
        if mode == "xb":
            full["after"] -= 1
            if full["after"] < 0:
                raise OSError(28, "No space left on device")
        return write(self, mode, *rest, **named)

    monkeypatch.setattr(Path, "open", open_until_full)
    ran = letters(tmp_path / "out", CONSUMER, TRADER, INVOICES / "04-trader-plusgiro.xml")

    assert ran.status == 2
    assert ran.document["stopped_by"]["code"] == "folder_cannot_be_used"
    assert ran.document["stopped_by"]["facts"]["reason"] == "No space left on device"
    (made,) = ran.document["files"]
    assert {str(path) for path in (tmp_path / "out").iterdir()} == {made["pdf"], made["specification"]}


def test_ctrl_c_in_the_middle_leaves_only_whole_letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[LetterContent] = []
    draw = render_letter

    def interrupted(content: LetterContent) -> bytes:
        if drawn:
            raise KeyboardInterrupt
        drawn.append(content)
        return draw(content)

    monkeypatch.setattr(letter_making, "render_letter", interrupted)
    ran = letters(tmp_path / "out", CONSUMER, TRADER)

    assert ran.status == 130
    assert sorted(path.suffix for path in (tmp_path / "out").iterdir()) == [".json", ".pdf"]


def test_our_fault_while_a_letter_is_made_names_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_content: LetterContent) -> bytes:
        raise RuntimeError("no ink")

    monkeypatch.setattr(letter_making, "render_letter", fails)
    ran = letters(tmp_path / "out", CONSUMER)

    assert ran.status == 1
    assert "no ink" in ran.err
    assert str(CONSUMER) in ran.err


BAD_FILES = {
    "broken": (b"<Invoice", "xml_is_broken"),
    "huge": (b"<a>" + b" " * 50_000_000, "file_is_too_large"),
    "bomb": (b'<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;">]><a>&d;</a>', "xml_has_doctype"),
    "empty": (b"", "file_is_empty"),
    "pdf": (b"%PDF-1.7", "file_is_pdf"),
}


@pytest.mark.parametrize(("content", "code"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_file_that_is_no_invoice_is_refused_by_name(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "invoice.xml"
    path.write_bytes(content)
    ran = letters(tmp_path / "out", path)

    assert ran.status == 2
    assert codes(ran.document["files"][0]) == [code]
    assert list((tmp_path / "out").iterdir()) == []


def test_a_folder_in_place_of_an_invoice_is_refused_by_name(tmp_path: Path) -> None:
    assert codes(letters(tmp_path / "out", INVOICES).document["files"][0]) == ["invoice_file_is_a_folder"]


@pytest.mark.parametrize(
    ("day", "as_of", "code"),
    [
        ("2001-10-19", "2026-11-23", "limitation_may_have_run"),
        ("2031-10-17", "2026-11-23", "not_overdue_yet"),
        ("9999-12-31", "2026-11-23", "not_overdue_yet"),
    ],
)
def test_a_due_date_far_from_today_is_refused_by_name(tmp_path: Path, day: str, as_of: str, code: str) -> None:
    text = TRADER.read_text("utf-8")
    issue, due = (text.split(f"<cbc:{name}>")[1].split("<")[0] for name in ("IssueDate", "DueDate"))
    path = changed(TRADER, tmp_path / "far.xml", (f"<cbc:DueDate>{due}", f"<cbc:DueDate>{day}"))
    if day < issue:
        changed(path, path, (issue, "2001-09-19"))
    ran = run("letter", path, "--as-of", as_of, "--out", tmp_path / "out", "--json")

    assert ran.status == 2
    assert code in codes(ran.document["files"][0])


def test_a_letter_on_a_day_without_a_known_rate_is_refused(tmp_path: Path) -> None:
    ran = run("letter", TRADER, "--as-of", "2031-01-15", "--out", tmp_path, "--json")

    assert codes(ran.document["files"][0]) == ["rate_unknown"]


def test_every_key_of_the_specification_is_described_in_the_documentation(tmp_path: Path) -> None:
    (made,) = letters(tmp_path, CONSUMER).document["files"]
    specification = json.loads(Path(made["specification"]).read_text("utf-8"))
    described = (EXAMPLES.parent / "docs" / "command.md").read_text("utf-8").split("### The specification")[1]

    assert [key for key in specification if f"`{key}`" not in described] == []
