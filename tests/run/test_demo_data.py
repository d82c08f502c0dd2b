"""What the demo is filled with leaves room for the invented invoices beside it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from punktlig.formats.reader import read_invoice
from punktlig.run.demo_data import work

EXAMPLES = Path(__file__).parents[2] / "examples" / "invoices"


@pytest.mark.parametrize("today", [date(2026, 11, 25), date(2026, 12, 31), date(2027, 6, 1)])
def test_a_private_person_abroad_has_something_overdue(today: date) -> None:
    people = work.customers(400)
    (abroad,) = (place for place, one in enumerate(people) if one.kind == "consumer" and one.country != "SE")
    of_her = [one for one in work.invoices(people, 2_000, today) if one.customer == abroad]
    assert any(not one.paid and not one.credited and one.due_date < today for one in of_her)
    # Nor has she a deduction: it is for those who pay tax here.
    assert not any(one.deduction for one in of_her)


def test_no_example_has_the_number_of_an_invoice_of_the_demo() -> None:
    made = work.invoices(work.customers(400), 2_000, date(2026, 11, 25))
    # The one with the impossible date cannot be read at all.
    readable = [file for file in EXAMPLES.glob("*.xml") if "impossible" not in file.name]
    examples = {read_invoice(file.read_bytes()).number for file in readable}
    assert len({invoice.number for invoice in made}) == 2_000
    assert not {invoice.number for invoice in made} & examples
