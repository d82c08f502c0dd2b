"""What a benchmark has the receivables site's process do. Only the site's own actions, jobs and queries."""

from __future__ import annotations

import io
import sys
from datetime import date
from http import HTTPStatus
from time import perf_counter, process_time
from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.test import Client

from bench.threads import do_beside
from punktlig import clock
from punktlig.receivables.actions.activation import Answers, activate_reminders
from punktlig.receivables.actions.members import add_first_member
from punktlig.receivables.actions.sending_runs import start_sending_run
from punktlig.receivables.jobs.continue_sending_runs import continue_sending_runs
from punktlig.receivables.jobs.read_feed import read_feed
from punktlig.receivables.jobs.send_activations import send_activations
from punktlig.receivables.jobs.send_handovers import send_handovers
from punktlig.receivables.records.activation import TraderCharge
from punktlig.receivables.records.company import Role
from punktlig.receivables.records.invoice_queries import ORDERS, Choice, Tab, invoice_page
from punktlig.receivables.records.sending_facts import newest_terms, prepare
from punktlig.receivables.records.sending_versions import shown_of
from punktlig.receivables.wsgi import application
from punktlig.tenancy.context import acting_for
from punktlig.tenancy.models import User

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

_EMAIL = "maja@lillsjons.example"
_TERMS_SINCE = date(2015, 1, 1)


def make_company(name: str) -> str:
    """Make a company that has switched reminder handling on at the agency, and return its id."""
    company = add_first_member(
        _EMAIL, "Maja Lind", "not-secret-in-a-bench", role=Role.OWNER, company_name=name,
        organisation_number="559833-4174", today=clock.today(),
    )  # fmt: skip
    today, at = clock.today(), clock.now()
    terms = newest_terms(today)
    assert terms is not None
    with acting_for(company.id):
        activate_reminders(
            company.id,
            Answers(
                contact_name="Maja Lind",
                contact_email=_EMAIL,
                account_kind="bankgiro",
                account_number="50551209",
                debt_text="Snickeriarbete enligt faktura",
                reminder_fee_agreed_since=_TERMS_SINCE,
                due_date_agreed_since=_TERMS_SINCE,
                invoices_warn_of_interest=True,
                trader_charge=TraderCharge.COMPENSATION,
            ),
            terms_version=terms.version,
            user=User.objects.get(email=_EMAIL),
            today=today,
            at=at,
        )
    send_activations()
    return str(company.id)


def preview(company: str, invoice_ids: list[str]) -> str:
    """Judge the invoices as the preview of many does, and return what the confirmation carries."""
    today = clock.today()
    ids = [UUID(one) for one in invoice_ids]
    with acting_for(UUID(company)):
        prepared = prepare(UUID(company), ids, today=today)
        assert all(one.may_be_sent for one in prepared)
        return shown_of(((one.version, one.may_be_sent) for one in prepared), today=today)


def confirm(company: str, invoice_ids: list[str], shown: str) -> None:
    """Do what the confirmation of the preview does."""
    user = User.objects.get(email=_EMAIL)
    ids = [UUID(one) for one in invoice_ids]
    with acting_for(UUID(company)):
        start_sending_run(UUID(company), ids, shown=shown, user=user, today=clock.today(), at=clock.now())


def hand_over() -> None:
    """Work off what was confirmed: look for what has changed since, then write the handovers."""
    continue_sending_runs()


def hand_over_and_send() -> None:
    """Work off what was confirmed, sharing it with whoever else does, and send meanwhile what nobody else has taken.

    Every part that is handed over wakes the sending, which another thread of the same worker takes up.
    """
    do_beside(hand_over, send)
    send()


def send() -> None:
    """Send the handovers to the agency, and write down its answers."""
    send_handovers()


def hear() -> None:
    """Read the agency's feed and apply its events."""
    read_feed()


def log_in(company: str) -> str:
    """Return the cookie of a session of the company's owner, who speaks Swedish."""
    client = Client()
    client.force_login(
        User.objects.get(email=_EMAIL, receivables_memberships__company_id=UUID(company)),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def later_pages(company: str, tab: str, count: int) -> list[str]:
    """Return the queries of so many pages of a tab that follow each other."""
    queries, mark = [], ""
    with acting_for(UUID(company)):
        for _ in range(count):
            mark = invoice_page(UUID(company), Choice(Tab(tab)), today=clock.today(), mark=mark).next
            queries.append(urlencode({"tab": tab, "after": mark}))
    return queries


def get_pages(cookie: str, addresses: list[str]) -> list[tuple[float, float]]:
    """Get each page once by the site's own WSGI application; return its seconds, and those of the processor."""
    taken = []
    for address in addresses:
        path, _, query = address.partition("?")
        environment = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "localhost",
            "SERVER_NAME": "localhost", "SERVER_PORT": "443", "wsgi.url_scheme": "https", "HTTP_COOKIE": cookie,
            "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr,
        }  # fmt: skip
        started, processor_started = perf_counter(), process_time()
        response = cast("HttpResponse", application(environment, _start))
        body = b"".join(response)
        taken.append((perf_counter() - started, process_time() - processor_started))
        response.close()
        assert response.status_code == HTTPStatus.OK, f"{address}: {response.status_code}"
        assert b"</" in body, f"{address} is empty"
    return taken


def _start(*_: object) -> Callable[[bytes], object]:
    """Stand in for the WSGI server: the status is read from the response itself."""
    return lambda _: None


def orders() -> dict[str, list[str]]:
    """Return the orders that each tab of the list offers."""
    return {tab.value: [order.value for order in of_tab] for tab, of_tab in ORDERS.items()}
