"""Fills the demo's agency site: `platform URL FILE | people | email | days OFFSET … | close PAID … | return COUNT`.

A process of its own, with the site's settings; everything goes through the site's own actions and jobs.
"""

from __future__ import annotations

import json
from pathlib import Path

from punktlig import clock
from punktlig.agency.actions.agreement import send_letters_by_email
from punktlig.agency.actions.closing import close_as_paid, refuse_letter, withdraw
from punktlig.agency.actions.keys import issue_api_key, make_platform, set_webhooks
from punktlig.agency.actions.members import add_agency_member, add_creditor_member
from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.jobs.deliver_letters import deliver_letters
from punktlig.agency.jobs.publish_feed import publish_feeds
from punktlig.agency.records.claim import Claim, ReceivedCommand
from punktlig.agency.records.creditor import Creditor, Role
from punktlig.exchange.messages import ClaimStatus
from punktlig.run.demo_data.people import ALI, DEMO_PASSWORD, EVA, JONAS, MAJA, SARA
from punktlig.tenancy.context import acting_for


def make_platform_key(webhook_url: str, file: Path) -> None:
    """Make the platform that the demo's receivables site is, and leave its key and secret in a file for it."""
    platform = make_platform("Punktlig Kundreskontra")
    secrets = {
        "api_key": issue_api_key(platform.id, name="demo"),
        "webhook_secret": set_webhooks(platform.id, webhook_url, at=clock.now()),
    }
    file.touch(mode=0o600)
    file.write_text(json.dumps(secrets))


def add_people() -> None:
    """Let the agency's people and the creditor's in, once the creditor has been activated."""
    add_agency_member(*ALI, DEMO_PASSWORD, role=Role.CASE_HANDLER)
    # Two administrators: what one of them enters of a reference rate, another approves.
    add_agency_member(*SARA, DEMO_PASSWORD, role=Role.AGENCY_ADMIN)
    add_agency_member(*EVA, DEMO_PASSWORD, role=Role.AGENCY_ADMIN)
    creditor = Creditor.objects.get()
    add_creditor_member(creditor.id, *MAJA, DEMO_PASSWORD, role=Role.CREDITOR_ADMIN)
    add_creditor_member(creditor.id, *JONAS, DEMO_PASSWORD, role=Role.CREDITOR_READER)


def use_email() -> None:
    """Let letters from now on go by e-mail to those with an address."""
    send_letters_by_email(Creditor.objects.get().id, by_email=True)


def do_the_day() -> None:
    """Do what the agency's worker does in a day."""
    run_daily_round(today=clock.today(), at=clock.now())
    deliver_letters()
    publish_feeds()


def close(paid: int, withdrawn: int) -> None:
    """Let the creditor close so many claims whose invoice was paid to it after the letter, and take so many back."""
    today, at, (_, maja) = clock.today(), clock.now(), MAJA
    creditor = Creditor.objects.get()
    with acting_for(creditor.id):
        reminded = Claim.objects.filter(creditor=creditor, status=ClaimStatus.REMINDER_SENT).order_by(
            "received_at", "id"
        )
        partly_paid = ReceivedCommand.objects.filter(creditor=creditor, claim__isnull=False).values("claim_id")
        chosen = [
            *((close_as_paid, id_) for id_ in reminded.filter(id__in=partly_paid).values_list("id", flat=True)[:paid]),
            *((withdraw, id_) for id_ in reminded.exclude(id__in=partly_paid).values_list("id", flat=True)[:withdrawn]),
        ]
        for end, claim_id in chosen:
            end(creditor.id, claim_id, actor=maja, today=today, at=at)
    publish_feeds()


def return_letters(count: int) -> None:
    """Let the post bring back so many of the newest letters; a person has to look at those claims."""
    today, at, (_, ali) = clock.today(), clock.now(), ALI
    creditor = Creditor.objects.get()
    with acting_for(creditor.id):
        reminded = Claim.objects.filter(creditor=creditor, status=ClaimStatus.REMINDER_SENT)
        for claim_id in reminded.order_by("-received_at", "id").values_list("id", flat=True)[:count]:
            refuse_letter(creditor.id, claim_id, reason="Mottagaren har flyttat", actor=ali, today=today, at=at)
    publish_feeds()


def main(words: list[str]) -> None:
    """Do one thing that the demo's start asks for."""
    match words:
        case ["platform", webhook_url, file]:
            make_platform_key(webhook_url, Path(file))
        case ["email"]:
            use_email()
        case ["people"]:
            add_people()
        case ["days", *offsets]:
            for days in offsets:
                clock.move(int(days))
                do_the_day()
        case ["close", paid, withdrawn]:
            close(int(paid), int(withdrawn))
        case ["return", count]:
            return_letters(int(count))
        case _:
            raise SystemExit(f"no such part of the demo: {words}")
