"""Fills the demo's agency site: `python -m punktlig.run.demo_data agency platform URL FILE | people | day`.

A process of its own, with the site's settings; everything goes through the site's own actions and jobs.
"""

from __future__ import annotations

import json
from pathlib import Path

from punktlig import clock
from punktlig.agency.actions.keys import issue_api_key, make_platform, set_webhooks
from punktlig.agency.actions.members import add_agency_member, add_creditor_member
from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.jobs.deliver_letters import deliver_letters
from punktlig.agency.jobs.publish_feed import publish_feeds
from punktlig.agency.records.creditor import Creditor, Role
from punktlig.run.demo_data.people import ALI, DEMO_PASSWORD, EVA, JONAS, MAJA, SARA


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


def do_the_day() -> None:
    """Do what the agency's worker does in a day."""
    run_daily_round(today=clock.today(), at=clock.now())
    deliver_letters()
    publish_feeds()


def main(words: list[str]) -> None:
    """Do one thing that the demo's start asks for."""
    match words:
        case ["platform", webhook_url, file]:
            make_platform_key(webhook_url, Path(file))
        case ["people"]:
            add_people()
        case ["days", *offsets]:
            for days in offsets:
                clock.move(int(days))
                do_the_day()
        case _:
            raise SystemExit(f"no such part of the demo: {words}")
