"""What the journeys need at the agency, done by its own actions: the platform's key, and people."""

from __future__ import annotations

from procrastinate.contrib.django import app

from punktlig import clock
from punktlig.agency.actions.keys import issue_api_key, make_platform, set_webhooks
from punktlig.agency.actions.members import add_agency_member, add_creditor_member
from punktlig.agency.records.creditor import Creditor, Role


def nudge(task: str) -> int:
    """Wake the worker for one of its tasks, as the site's actions do, and return the number of the job in its queue."""
    return app.configure_task(task).defer()


def platform(webhook_url: str) -> dict[str, str]:
    """Make the platform that the receivables site is, and return its API key and webhook secret."""
    made = make_platform("Punktlig Kundreskontra")
    return {
        "api_key": issue_api_key(made.id, name="journeys"),
        "webhook_secret": set_webhooks(made.id, webhook_url, at=clock.now()),
    }


def people(handler: tuple[str, str], admin: tuple[str, str], password: str) -> None:
    """Let a case handler and an administrator in, each told by e-mail and name."""
    add_agency_member(*handler, password, role=Role.CASE_HANDLER)
    add_agency_member(*admin, password, role=Role.AGENCY_ADMIN)


def administrator(email: str, name: str, password: str) -> None:
    """Let another administrator in."""
    add_agency_member(email, name, password, role=Role.AGENCY_ADMIN)


def creditor_person(company_id: str, email: str, name: str, password: str) -> str:
    """Let a person of an activated company in as its creditor, and return the creditor's id."""
    creditor = Creditor.objects.get(company_id=company_id)
    add_creditor_member(creditor.id, email, name, password, role=Role.CREDITOR_ADMIN)
    return str(creditor.id)
