"""What the agency tells cannot be applied to one company: the others hear as before, and it hears all of it later."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from psycopg.sql import SQL, Literal

from punktlig.run.postgres import connect
from tests.journeys.companies import new_company

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.journeys.both_sites import BothSites
    from tests.journeys.companies import Company, Invoice
    from tests.journeys.pages import Visitor

REMINDER_DAY = date(2026, 11, 26)


@contextmanager
def _nothing_can_be_heard_by(system: BothSites, company: Company) -> Iterator[None]:
    with connect(system.postgres.sockets, database="receivables") as connection:
        connection.execute(
            SQL(
                "CREATE FUNCTION deaf() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN IF NEW.company_id = {} AND NEW.sequence IS NOT NULL THEN RAISE EXCEPTION 'deaf'; END IF; "
                "RETURN NEW; END $$"
            ).format(Literal(company.id))
        )
        connection.execute(
            "CREATE TRIGGER deaf BEFORE INSERT ON receivables_history_line FOR EACH ROW EXECUTE FUNCTION deaf()"
        )
        try:
            yield
        finally:
            connection.execute("DROP FUNCTION deaf() CASCADE")


def _history(system: BothSites, invoice: Invoice) -> list[str]:
    rows = system.rows(
        "receivables",
        "SELECT code FROM receivables_history_line WHERE invoice_id = %s AND sequence IS NOT NULL ORDER BY sequence",
        invoice.id,
    )
    return [kind for (kind,) in rows]


def test_the_events_of_the_others_are_heard_and_those_of_the_one_when_it_can_be(
    system: BothSites, company: Company, sales: Visitor
) -> None:
    other = new_company(system)
    other.activate()
    invoice, others = company.invoice(), other.invoice()
    with _nothing_can_be_heard_by(system, company):
        company.send(sales, invoice)
        other.send(sales, others)
        system.wait_until(lambda: company.claims() and other.claims(), "both invoices are claims")
        system.at(REMINDER_DAY)
        system.do("agency", "daily_round")
        system.wait_until(lambda: len(_history(system, others)) == 3, "the other company has heard everything")
        system.wait_until(
            lambda: (
                system.value("receivables", "SELECT count(*) FROM receivables_event_set_aside") == 3
                and not system.value(
                    "agency", "SELECT count(*) FROM agency_webhook_delivery WHERE delivered_at IS NULL"
                )
            ),
            "what the one cannot hear is kept, and no webhook waits",
        )
        system.do("receivables", "read_feed")
        system.do("receivables", "apply_events_set_aside")
        assert other.states() == {others.number: "reminder_sent"}
        assert _history(system, invoice) == []
        assert "Besked från ombudet går inte att läsa in" in sales.get(company.path("")).text
    system.do("receivables", "apply_events_set_aside")
    assert _history(system, invoice) == ["claim_received", "reminder_issued", "reminder_sent"]
    assert company.states() == {invoice.number: "reminder_sent"}
    assert "Besked från ombudet" not in sales.get(company.path("")).text
