"""The invoice list of a company with a hundred thousand invoices, among a million: how long the server takes."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from bench import letter_cases
from bench.api_claim import percentile
from bench.long_ledgers import Ledger, customer_name, fill, invoice_number
from bench.results import Bound, Figure, Goal, Result
from bench.sites import Sites

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import psycopg

name = "invoice-list"

_ALL = "all pages, 19 of 20 within"
goal = (Goal(figure=_ALL, bound=Bound.AT_MOST, limit=60),)

_TABS = "tabs in each of their orders, 19 of 20 within"
_SEARCHES = "searches, 19 of 20 within"
_LATER = "later pages, 19 of 20 within"
_FIGURES = "counts and sums of the tabs, in a request of their own"
_PROCESSOR = "processor time of the site for a page, 19 of 20 within"
_PAGES_ON = 20
_PERCENT = 95

_HOW = (
    "Server time is from the request to the last byte of the answer, by the site's own WSGI application in one "
    "process, with its middleware, session and templates, and one PostgreSQL; no HTTP server and no network between. "
    "A page has 50 invoices. The user may send, so each row can be ticked. *Tabs in each of their orders* are all that "
    "the page offers; *searches* are for a name that thousands have, beginnings of numbers, a whole number, an amount, "
    "and something that is not there, each in several tabs; *later pages* follow each other by their keys. Pages are "
    "asked for in turn, each once a round, after a first round that is not counted."
)
_FLOOR = (
    "The floor of a page is psycopg fetching the newest 50 invoices of the company with their customers' names, by the "
    "same index, in a transaction as the same role with the same row-level security."
)


def run(*, quick: bool) -> Result:
    """Fill, then measure every kind of page round by round."""
    largest, others, each, rounds = (5_500, 5, 900, 3) if quick else (100_000, 100, 9_000, 10)
    with Sites(day=letter_cases.LETTER_DAY) as sites:
        company = _fill(sites, largest, others, each)
        pages = _pages(sites, company, largest)
        cookie = str(sites.receivables.call("log_in", company).returned)
        _ask(sites, cookie, pages)
        asked = [(_ask(sites, cookie, pages), _floor(sites, company, len(pages[_TABS]))) for _ in range(rounds)]
    taken, floors = zip(*asked, strict=True)
    kinds = (_TABS, _SEARCHES, _LATER)
    sizes = f"{largest + others * each:,} invoices in all, {largest:,} in the largest company, whose list is asked for."
    return Result(
        title="The invoice list",
        figures=(
            Figure(
                name=_ALL,
                unit="ms",
                values=tuple(_slow([one for kind in kinds for one in found[kind]]) for found in taken),
                floor_values=tuple(percentile(floor, _PERCENT) * 1_000 for floor in floors),
            ),
            *(Figure(name=kind, unit="ms", values=tuple(_slow(found[kind]) for found in taken)) for kind in kinds),
            Figure(
                name=_PROCESSOR,
                unit="ms",
                values=tuple(_slow([(own, own) for kind in kinds for _, own in found[kind]]) for found in taken),
            ),
            Figure(name=_FIGURES, unit="ms", values=tuple(found[_FIGURES][0][0] * 1_000 for found in taken)),
        ),
        notes=(
            f"{sizes} {sum(len(pages[kind]) for kind in kinds)} pages a round, {rounds} rounds. {_HOW}",
            _FLOOR,
        ),
    )


def _fill(sites: Sites, largest: int, others: int, each: int) -> str:
    """Make the companies and their ledgers, and return the largest one."""
    at = datetime.now(UTC)
    company = sites.new_company("Storbolaget")
    with sites.connect("receivables") as database:
        fill(database, Ledger(company, 0, largest, largest // 5, sites.day, at), payments=True)
        for place in range(1, others + 1):
            other = UUID(int=place)
            database.execute(
                "INSERT INTO receivables_company (id, name, organisation_number, vat_number, approved_for_f_tax, "
                "street, postcode, town, email, telephone, bankgiro, plusgiro, iban, created_at) "
                "VALUES (%s, %s, '559833-4174', '', true, '', '', '', '', '', '', '', '', %s)",
                [other, f"Bolag {place}", at],
            )
            fill(database, Ledger(other, place, each, each // 20, sites.day, at))
        for table in ("customer", "invoice", "payment"):
            database.execute(f"VACUUM (ANALYZE) receivables_{table}".encode())
    return str(company)


def _pages(sites: Sites, company: str, largest: int) -> Mapping[str, list[str]]:
    """Return the addresses to ask for, by kind."""
    path = f"/c/{company}/invoices/"
    orders = sites.receivables.call("orders").returned
    words = (
        customer_name(1),
        customer_name(largest // 7)[:4],
        invoice_number(largest // 2),
        invoice_number(largest // 2)[:3],
        "1234,56",
        "finns inte",
    )
    return {
        _TABS: [
            f"{path}?{urlencode({'tab': tab, 'sort': order})}" for tab, of_tab in orders.items() for order in of_tab
        ],
        _SEARCHES: [
            f"{path}?{urlencode({'tab': tab, 'q': word})}" for tab in ("all", "unpaid", "overdue") for word in words
        ],
        _LATER: [
            f"{path}?{query}"
            for tab in ("all", "unpaid", "paid")
            for query in sites.receivables.call("later_pages", company, tab, _PAGES_ON).returned
        ],
        _FIGURES: [f"{path}figures?tab=all"],
    }


def _ask(sites: Sites, cookie: str, pages: Mapping[str, list[str]]) -> Mapping[str, list[tuple[float, float]]]:
    """Ask for every page once, the kinds mixed, and return seconds and processor seconds by kind."""
    mixed = sorted(
        ((place / len(addresses), kind, address) for kind, addresses in pages.items()
         for place, address in enumerate(addresses)),
    )  # fmt: skip
    taken = sites.receivables.call("get_pages", cookie, [address for _, _, address in mixed]).returned
    by_kind: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for (_, kind, _), (seconds, processor_seconds) in zip(mixed, taken, strict=True):
        by_kind[kind].append((seconds, processor_seconds))
    return by_kind


_NEWEST = """
SELECT invoice.*, customer.name FROM receivables_invoice AS invoice
JOIN receivables_customer AS customer ON customer.company_id = invoice.company_id AND customer.id = invoice.customer_id
WHERE invoice.company_id = %s ORDER BY invoice.issue_date DESC, invoice.id DESC LIMIT 50
"""


def _floor(sites: Sites, company: str, times: int) -> list[float]:
    taken = []
    with sites.connect("receivables") as database:
        database.execute("SET ROLE receivables_app")
        for _ in range(times):
            started = perf_counter()
            _fetch_newest(database, company)
            taken.append(perf_counter() - started)
    return taken


def _fetch_newest(database: psycopg.Connection, company: str) -> None:
    with database.transaction():
        database.execute(f"SET LOCAL punktlig.tenant = '{UUID(company)}'".encode())
        database.execute(_NEWEST, [company]).fetchall()


def _slow(taken: Sequence[tuple[float, float]]) -> float:
    """Return the milliseconds within which 19 of 20 came."""
    return percentile([seconds for seconds, _ in taken], _PERCENT) * 1_000
