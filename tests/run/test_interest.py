"""The interest of the command: the sum, the lines that explain it, and what it refuses."""

from decimal import Decimal

import pytest

from tests.run.running import run

LEAP_YEAR = ("--from", "2024-01-01", "--to", "2024-12-31")


def test_a_leap_year_at_the_statutory_rate_bears_the_whole_rate() -> None:
    ran = run("interest", "--principal", "10000.00", *LEAP_YEAR, "--json")

    assert ran.status == 0
    assert ran.document == {
        "total": "1200.00",
        "days": 366,
        "lines": [
            {
                "from": "2024-01-01",
                "to": "2024-06-30",
                "capital": "10000.00",
                "rate": "12.00",
                "reference_rate": "4.00",
                "days": 182,
                "year_days": 366,
                "amount": "596.72",
            },
            {
                "from": "2024-07-01",
                "to": "2024-12-31",
                "capital": "10000.00",
                "rate": "12.00",
                "reference_rate": "4.00",
                "days": 184,
                "year_days": 366,
                "amount": "603.28",
            },
        ],
    }


def test_a_fixed_rate_has_no_reference_rate_and_a_line_for_each_year() -> None:
    document = run(
        "interest", "--principal", "1000", "--from", "2023-12-31", "--to", "2024-01-01", "--rate", "18", "--json"
    ).document

    assert [(line["rate"], line["reference_rate"], line["year_days"]) for line in document["lines"]] == [
        ("18.00", None, 365),
        ("18.00", None, 366),
    ]


@pytest.mark.parametrize(
    ("written", "rate"),
    [
        ("statutory", "12.00"),
        ("reference+8", "12.00"),
        ("reference+10,5", "14.50"),
        ("9.125", "9.125"),
        ("18 %", "18.00"),
    ],
)
def test_a_rate_is_written_in_several_ways(written: str, rate: str) -> None:
    document = run("interest", "--principal", "1000", *LEAP_YEAR, "--rate", written, "--json").document

    assert {line["rate"] for line in document["lines"]} == {rate}


@pytest.mark.parametrize(
    ("convention", "total"), [("act/act", "1200.01"), ("act/365", "1203.30"), ("whole kronor", "1200.00")]
)
def test_the_convention_decides_how_days_become_years(convention: str, total: str) -> None:
    ran = run("interest", "--principal", "10000.10", *LEAP_YEAR, "--convention", convention, "--json")

    assert ran.document["total"] == total


def test_the_lines_add_up_to_the_sum() -> None:
    document = run("interest", "--principal", "777.77", "--from", "2015-03-03", "--to", "2026-11-23", "--json").document

    assert sum(Decimal(line["amount"]) for line in document["lines"]) == Decimal(document["total"])
    assert sum(line["days"] for line in document["lines"]) == document["days"]


def test_nothing_bears_nothing() -> None:
    assert run("interest", "--principal", "0", *LEAP_YEAR, "--json").document == {
        "total": "0.00",
        "days": 0,
        "lines": [],
    }


def test_a_person_reads_a_table_that_explains_every_line() -> None:
    ran = run("interest", "--principal", "10 000,00", *LEAP_YEAR)
    lines = ran.out.replace("\u00a0", " ").splitlines()
    words = [" ".join(line.split()) for line in lines]

    assert words[0] == "From To Capital Rate a year Made up of Days Of Interest"
    assert words[1] == "2024-01-01 2024-06-30 10,000.00 12.00% reference 4.00% + 8 182 366 596.72"
    assert words[3] == "Sum 366 SEK 1,200.00"
    assert len({len(line) for line in lines[:4]}) == 1
    assert "s. 6" in ran.out
    assert ran.err == ""


def test_the_command_speaks_swedish_when_asked() -> None:
    ran = run("--language", "sv", "interest", "--principal", "10000", *LEAP_YEAR)

    assert "1 200,00 kr" in ran.out.replace("\u00a0", " ")
    assert "räntelagen (1975:635) 6 §" in ran.out


@pytest.mark.parametrize(
    ("first", "last", "day"),
    [("2001-12-01", "2003-01-01", "2001-12-01"), ("2026-12-01", "2031-01-01", "2027-01-01")],
)
def test_a_day_without_a_known_reference_rate_is_refused_and_named(first: str, last: str, day: str) -> None:
    ran = run("interest", "--principal", "1000", "--from", first, "--to", last, "--json")

    assert ran.status == 2
    assert ran.out == ""
    assert ran.refusal["code"] == "rate_unknown"
    assert ran.refusal["facts"] == {"day": day, "known_from": "2002-07-01", "known_through": "2026-12-31"}


def test_a_fixed_rate_needs_no_reference_rate_in_any_year() -> None:
    assert run("interest", "--principal", "1", "--from", "2001-01-01", "--to", "2031-01-01", "--rate", "18").status == 0


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    ran = run("interest", "--principal", "1000", "--from", "2024-02-01", "--to", "2024-01-31")

    assert ran.status == 2
    assert "period_ends_before_it_begins" in ran.err
    assert ran.out == ""


def test_a_single_day_is_a_period() -> None:
    assert run("interest", "--principal", "1000", "--from", "2024-02-01", "--to", "2024-02-01").status == 0


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--principal", "-5"),
        ("--principal", "ten"),
        ("--principal", "1.234"),
        ("--from", "2024-02-30"),
        ("--from", "yesterday"),
        ("--from", "0001-01-01"),
        ("--to", "9999-12-31"),
        ("--rate", "nan"),
        ("--rate", "1e999999"),
        ("--rate", "reference"),
        ("--rate", "reference+-1"),
        ("--rate", "-3"),
        ("--rate", "1001"),
        ("--rate", "1.00001"),
        ("--convention", "30/360"),
    ],
)
def test_what_cannot_be_meant_is_bad_input_and_names_the_option_or_the_reason(option: str, value: str) -> None:
    usual = {"--principal": "1000", "--from": "2024-01-01", "--to": "2024-12-31"}
    ran = run("interest", *(word for pair in {**usual, option: value}.items() for word in pair))

    assert ran.status == 2
    assert ran.out == ""
    assert option in ran.err or "rate_not_usable" in ran.err
