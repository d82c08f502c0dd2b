"""The lists: every row once however one pages, what a search finds, and what the tabs count."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from punktlig.formats.ocr import ocr_reference
from punktlig.receivables.records.customer_queries import CustomerOrder, customer_page, customers, owing_of
from punktlig.receivables.records.handover import Handover
from punktlig.receivables.records.invoice_list import listed_invoices
from punktlig.receivables.records.invoice_queries import (
    ORDERS,
    Choice,
    Order,
    Tab,
    _claimed,
    invoice_page,
    invoices,
    last_overdue_due_date,
    tab_figures,
)
from punktlig.tenancy.context import acting_for
from tests.receivables.sending_samples import NOW, TODAY, make_company, make_customer, make_invoice, make_user, pay

if TYPE_CHECKING:
    from collections.abc import Iterator

    from punktlig.receivables.records.models import Company, Invoice

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def company() -> Iterator[Company]:
    company = make_company()
    other = make_company("Annan AB")
    with acting_for(other.id):
        make_invoice(other, make_customer(other, name="Karin Wester"), number="20431")
    with acting_for(company.id):
        yield company


@pytest.fixture
def many(company: Company) -> Company:
    """Invoices with equal days and amounts, without due date, paid, sent, refused and not yet due."""
    states = ["", "refused", "received", "paid", "closed", "sending"]
    for number in range(24):
        invoice = make_invoice(
            company,
            number=f"F-{number:03}",
            due_date=None if number % 7 == 0 else TODAY - timedelta(days=number % 5 * 3 - 3),
            issue_date=TODAY - timedelta(days=60 + number % 3),
            payable_ore=100_000 + number % 4,
            agency_state=states[number % len(states)],
            sent_at=NOW - timedelta(hours=number % 2) if number % len(states) > 1 else None,
        )
        if number % 8 == 0:
            pay(invoice, invoice.remaining_ore)
    return company


@pytest.mark.parametrize(("tab", "order"), [(tab, order) for tab in Tab for order in ORDERS[tab]])
def test_every_row_comes_once_forwards_and_backwards(many: Company, tab: Tab, order: Order) -> None:
    choice = Choice(tab, order=order)
    wanted = set(invoices(many.id, choice, today=TODAY).values_list("number", flat=True))
    assert wanted
    forwards: list[list[str]] = []
    mark = ""
    while True:
        page = invoice_page(many.id, choice, today=TODAY, mark=mark, size=3)
        forwards.append([invoice.number for invoice in page.rows])
        assert bool(page.previous) is (len(forwards) > 1)
        last, mark = page, page.next
        if not mark:
            break
    seen = [number for rows in forwards for number in rows]
    assert sorted(seen) == sorted(wanted)
    backwards = [forwards[-1]]
    while last.previous:
        last = invoice_page(many.id, choice, today=TODAY, mark=last.previous, size=3)
        backwards.insert(0, [invoice.number for invoice in last.rows])
    assert backwards == forwards
    assert len(invoice_page(many.id, choice, today=TODAY, size=len(wanted)).rows) == len(wanted)


def test_orders_are_what_they_say(many: Company) -> None:
    overdue = invoice_page(many.id, Choice(Tab.OVERDUE), today=TODAY).rows
    unsent = [invoice.state.may_be_sent for invoice in overdue]
    assert unsent == sorted(unsent, reverse=True)
    assert True in unsent
    assert False in unsent
    first = [invoice.due_date for invoice in overdue if invoice.state.may_be_sent]
    assert first == sorted(first, reverse=True)  # type: ignore[type-var]  # an overdue invoice has a due date
    unpaid = invoice_page(many.id, Choice(Tab.UNPAID), today=TODAY).rows
    dues = [invoice.due_date or date.max for invoice in unpaid]
    assert dues == sorted(dues)
    assert dues[-1] == date.max
    largest = [
        one.remaining_ore for one in invoice_page(many.id, Choice(Tab.UNPAID, order=Order.LARGEST), today=TODAY).rows
    ]
    assert largest == sorted(largest, reverse=True)


def test_a_mark_of_another_list_is_the_first_page(many: Company) -> None:
    mark = invoice_page(many.id, Choice(Tab.OVERDUE), today=TODAY, size=3).next
    first = invoice_page(many.id, Choice(Tab.ALL), today=TODAY).rows
    for wrong in (mark[:-2], "rubbish", "x" * 5000):
        assert invoice_page(many.id, Choice(Tab.ALL), today=TODAY, mark=wrong).rows == first
    # Of another order: whatever it shows, it does not fail.
    invoice_page(many.id, Choice(Tab.ALL, order=Order.LARGEST), today=TODAY, mark=mark)


def test_an_invoice_is_overdue_when_the_next_bank_day_has_passed() -> None:
    assert last_overdue_due_date(date(2026, 11, 25)) == date(2026, 11, 24)
    # Saturday and Sunday move to Monday, which may still be paid on.
    assert last_overdue_due_date(date(2026, 11, 23)) == date(2026, 11, 20)
    assert last_overdue_due_date(date(2026, 11, 24)) == date(2026, 11, 23)
    # Christmas: 24, 25 and 26 December and the weekend move to the 28th.
    assert last_overdue_due_date(date(2026, 12, 28)) == date(2026, 12, 23)


def test_a_search_finds_number_reference_amount_and_name(company: Company) -> None:
    karin = make_customer(company, name="Karin Wester")
    asa = make_customer(company, name="Åsa Öberg")
    one = make_invoice(company, karin, number="20431", payment_reference="2043117", payable_ore=123_456)
    two = make_invoice(company, asa, number="20500", payable_ore=999)
    pay(two, 99)

    def found(search: str) -> set[Invoice]:
        return set(invoices(company.id, Choice(search=search), today=TODAY))

    for search in ("204", "20431", "2043117", "204 3117", "1 234,56", "1234.56", "1\u00a0234,56\u00a0kr",
                   "SEK\u00a01,234.56", "karin", "KARIN W", "west"):  # fmt: skip
        assert one in found(search), search
    for search in ("9,00", "9.99", "åsa", "ÖBE", "Åsa Ö"):
        assert found(search) == {two}, search
    for search in ("arin", "0431", "%", "_", "'", "\0\0", "🦊", "Osa"):
        assert found(search) <= {one, two}
        assert "".join(search.split("\0")) == "" or found(search) == set(), search


def claimed(company: Company, number: str, **changes: Any) -> Invoice:
    invoice = make_invoice(company, claim_number=number, **changes)
    Handover.objects.create(
        company=company, invoice=invoice, state="acknowledged", claim_number=number, body=b"{}", sha256="0" * 64,
        created_at=NOW, created_by=make_user(company), next_try_at=NOW,
    )  # fmt: skip
    return invoice


@pytest.mark.parametrize("most_by_id", [1, 500])
def test_a_search_finds_the_number_of_the_claim(
    company: Company, monkeypatch: pytest.MonkeyPatch, most_by_id: int
) -> None:
    monkeypatch.setattr("punktlig.receivables.records.invoice_queries._MOST_BY_ID", most_by_id)
    one, two = claimed(company, "81375830"), claimed(company, "81379999", agency_state="received")
    elsewhere = claimed(company, "KRAV-7 b")  # an agency numbers its claims as it likes
    make_invoice(company, number="91375830")

    def found(search: str, tab: Tab = Tab.ALL) -> set[Invoice]:
        return set(invoices(company.id, Choice(tab, search), today=TODAY))

    assert found("81375830") == found(" 8137 5830 ") == {one}
    assert found(ocr_reference("81375830")) == found("81375 83004") == {one}
    assert found("8137") == {one, two}
    assert found("8137", Tab.AT_AGENCY) == {two}
    assert found("KRAV-7") == {elsewhere}
    for search in ("1375830", "813758301", "8137583005", "8137-5830", "1" * 40, "00", "²" * 8):
        assert found(search) == set(), search


def test_the_number_of_a_claim_is_looked_up_in_an_index(company: Company) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = _claimed(company.id, "8137").explain()
    assert "handover_by_claim" in plan
    assert "::text >= '8137'::text" in plan.split("Index Cond")[1].splitlines()[0]


def test_more_customers_than_are_collected_are_found_all_the_same(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("punktlig.receivables.records.invoice_queries._MOST_BY_ID", 2)
    for _ in range(5):
        make_invoice(company, make_customer(company, name="Karin Wester"))
    assert invoices(company.id, Choice(search="kar"), today=TODAY).count() == 5


def test_tabs_count_what_they_show_and_sum_kronor(company: Company) -> None:
    make_invoice(company, payable_ore=100)
    make_invoice(company, payable_ore=1_000, agency_state="received")
    make_invoice(company, payable_ore=10_000, due_date=TODAY)
    paid = make_invoice(company, payable_ore=100_000, issue_date=date(2025, 12, 31))
    pay(paid, 100_000)
    make_invoice(company, payable_ore=5, currency="EUR")
    figures = {one.tab: (one.count, one.sum_ore) for one in tab_figures(company.id, today=TODAY)}
    assert figures == {
        Tab.ALL: (5, 11_100),
        Tab.UNPAID: (4, 11_100),
        Tab.OVERDUE: (3, 1_100),
        Tab.AT_AGENCY: (1, 1_000),
        Tab.PAID: (1, 100_000),
    }
    for tab, (count, _sum) in figures.items():
        assert invoices(company.id, Choice(tab), today=TODAY).count() == count


def test_what_was_paid_and_invoiced_this_year_is_summed_in_kronor_until_today(company: Company) -> None:
    new_year = date(2026, 1, 1)
    paid = make_invoice(company, payable_ore=10_000, issue_date=new_year)
    for amount_ore, day in ((1, new_year - DAY), (20, new_year), (300, TODAY), (4_000, TODAY + DAY)):
        pay(paid, amount_ore, day)
    abroad = make_invoice(company, payable_ore=900, issue_date=new_year, currency="EUR")
    pay(abroad, 700, TODAY)
    make_invoice(company, payable_ore=50, issue_date=new_year - DAY, currency="EUR")
    make_invoice(company, payable_ore=60, issue_date=None)
    figures = {one.tab: (one.count, one.sum_ore) for one in tab_figures(company.id, today=TODAY)}
    assert figures[Tab.PAID] == (0, 320)
    assert figures[Tab.ALL] == (4, 10_000)


def test_what_is_at_the_agency_is_largest_first_and_what_is_paid_last(company: Company) -> None:
    for left in (0, 500, -20, 900, 0, 30):
        pay(make_invoice(company, payable_ore=1_000, agency_state="received", sent_at=NOW), 1_000 - left)
    choice = Choice(Tab.AT_AGENCY, order=Order.LARGEST)
    assert [one.remaining_ore for one in invoice_page(company.id, choice, today=TODAY).rows] == [
        900,
        500,
        30,
        0,
        0,
        -20,
    ]


def test_the_payments_of_the_year_are_summed_without_looking_into_their_invoices(company: Company) -> None:
    with CaptureQueriesContext(connection) as asked:
        tab_figures(company.id, today=TODAY)
    of_payments = [one["sql"] for one in asked.captured_queries if 'SUM("receivables_payment' in one["sql"]]
    # All of them, and then those alone whose invoices the partial index of other currencies finds.
    whole, foreign = of_payments
    assert "receivables_invoice" not in whole
    assert 'NOT ("receivables_invoice"."currency" = \'SEK\')' in foreign


def test_customers_are_found_and_paged(company: Company) -> None:
    names = ["Anna Ek", "Östen Ågren", "Åke Zetterlund", "Ängla Berg", "Zara Ek"]
    for number, name in enumerate(names):
        make_customer(company, name=name, number=f"{number}", identity_number="" if number else "19800101-2387")
    # Swedish order: z, å, ä, ö.
    assert [one.name for one in customer_page(company.id).rows] == [
        "Anna Ek", "Zara Ek", "Åke Zetterlund", "Ängla Berg", "Östen Ågren",
    ]  # fmt: skip
    assert {one.name for one in customers(company.id, "ek")} == {"Anna Ek", "Zara Ek"}
    assert {one.name for one in customers(company.id, "8001012387")} == {"Anna Ek"}
    assert not customers(company.id, "800101")
    for order in CustomerOrder:
        first = customer_page(company.id, order=order, size=3)
        second = customer_page(company.id, order=order, mark=first.next, size=3)
        assert len({*first.rows, *second.rows}) == 5
        assert customer_page(company.id, order=order, mark=second.previous, size=3).rows == first.rows


def test_what_customers_owe_is_added_up(company: Company) -> None:
    karin, asa = make_customer(company), make_customer(company)
    make_invoice(company, karin, payable_ore=100)
    make_invoice(company, karin, payable_ore=1_000)
    pay(make_invoice(company, karin, payable_ore=10_000), 10_000)
    owing = owing_of(company.id, [karin.id, asa.id])
    assert set(owing) == {karin.id}
    assert (owing[karin.id].count, owing[karin.id].remaining_ore) == (2, 1_100)


def test_the_pages_of_the_list_are_ranges_of_an_index(many: Company) -> None:
    page = invoice_page(many.id, Choice(Tab.ALL), today=TODAY, size=3)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        last = page.rows[-1]
        cursor.execute(
            "EXPLAIN SELECT id FROM receivables_invoice WHERE company_id = %s AND (issue_date, id) < (%s, %s) "
            "ORDER BY issue_date DESC, id DESC LIMIT 4",
            [many.id, last.issue_date, last.id],
        )
        plan = "\n".join(str(row[0]) for row in cursor.fetchall())
    assert "invoice_by_date" in plan
    assert "Index Cond" in plan
    assert "ROW(issue_date, id)" in plan


def test_a_listed_page_has_its_customers_and_asks_twice_however_many_rows_there_are(many: Company) -> None:
    named = make_customer(many, name="Karin Wester")
    make_invoice(many, named, number="A-1")
    for choice in (Choice(), Choice(search="A-1")):
        with CaptureQueriesContext(connection) as asked:
            listed = listed_invoices(many.id, choice, today=TODAY, at=NOW, large=24)
            assert all(one.customer.name for one in listed.page.rows)
        assert len([one for one in asked if "receivables_invoice" in one["sql"]]) == 2
        assert listed.is_large
    assert [one.customer for one in listed.page.rows] == [named]
    assert not listed_invoices(many.id, Choice(), today=TODAY, at=NOW, large=25).is_large
