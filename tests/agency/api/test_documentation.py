"""docs/api.md says everything the API can answer, and its examples work as they stand there."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from punktlig import core
from punktlig.agency.actions import feed, keys
from punktlig.agency.api.problems import CODES, WHY_A_COMMAND_IS_REFUSED
from punktlig.agency.records import command_effects
from punktlig.core.late_rate import KNOWN_RATES
from punktlig.core.refusal import Refusal
from punktlig.exchange.messages import EventKind
from punktlig.exchange.signatures import sign
from punktlig.letters.fitting import AddressDoesNotFit
from punktlig.letters.printable import CharacterNotCovered
from tests.agency.api.calling import Caller, changed, lines_of
from tests.agency.samples import submission
from tests.core.invented import person

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENT = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
CURL = shutil.which("curl")

# Refusals of making a letter or of an invoice as a file, which no handover is answered with.
ELSEWHERE = {"punktlig.core.letter.compose", "punktlig.core.invoice_totals", "punktlig.core.added_rates"}
# Refusals of what a handover has no fields for: they are told of an invoice that is read from a file.
NOT_OF_A_HANDOVER = {
    "amount_missing",
    "amount_finer_than_ore",
    "charge_already_made",
    "document_is_not_an_invoice",
    "invoice_is_credit_note",
    "invoice_is_self_billed",
    "payee_is_another",
    "payments_not_booked_yet",
    "rate_above_consumer_ceiling",
    "rate_not_usable",
}

# One handover, changed so, for each refusal of a claim. Today is the calendar's, so years are far enough away.
REFUSED: dict[str, dict[str, Any]] = {
    "not_overdue_yet": {"invoice__due_date": "2199-01-31"},
    "nothing_left_to_pay": {"invoice__payable": "0.00"},
    "total_is_negative": {"invoice__payable": "-1.00"},
    "currency_is_not_sek": {"invoice__currency": "EUR"},
    "invoice_date_missing": {"invoice__issue_date": None},
    "invoice_date_ahead": {"invoice__issue_date": "2199-01-01", "invoice__due_date": "2199-01-31"},
    "due_date_missing": {"invoice__due_date": None},
    "due_date_before_invoice": {"invoice__due_date": "2001-01-01"},
    "due_date_not_agreed_and_no_demand_sent": {"terms__start": "after-demand"},
    "demand_ahead": {"terms__start": "after-demand", "terms__demand_sent": "2199-01-01"},
    "demand_before_invoice": {"terms__start": "after-demand", "terms__demand_sent": "2001-01-01"},
    "payment_ahead": {"payments": [{"id": str(uuid4()), "kind": "payment", "day": "2199-01-01", "amount": "1.00"}]},
    "limitation_may_have_run": {"invoice__issue_date": "2001-01-01", "invoice__due_date": "2001-02-01"},
    "debtor_kind_unknown": {"debtor__kind": None},
    "debtor_kind_contradicted": {"debtor__identity_number": "559012-3450"},
    "identity_number_unreadable": {"debtor__identity_number": "559012-3451"},
    "debtor_is_a_minor": {"debtor__identity_number": person(date(2024, 1, 3))},
    "debtor_is_an_estate": {"debtor__name": "Dödsboet efter Anna Ek"},
    "debtor_is_bankrupt": {"debtor__name": "Eks Bygg AB i konkurs"},
    "identity_is_protected": {"debtor__identity_is_protected": True},
    "address_incomplete": {"debtor__address__lines": []},
    "address_does_not_fit": {"debtor__address__lines": ["Stora Nygatan hundra och åtta, ingången från gården" * 3] * 4},
    "country_unreadable": {"debtor__address__country": "QQ"},
    "character_not_covered": {"debtor__name": "王小明"},
    "customer_share_unknown": {"invoice__deduction": "rot"},
    "customer_share_outside_invoice": {"invoice__deduction": "rot", "invoice__customer_share": "5000.00"},
    # 50 per cent from May to December 2025, 30 before and after.
    "customer_share_changed": {
        "invoice__deduction": "rot",
        "invoice__customer_share": "700.00",
        "invoice__issue_date": "2025-12-01",
        "debtor__kind": "trader",
    },
    "deduction_not_in_force": {
        "invoice__deduction": "green",
        "invoice__customer_share": "700.00",
        "invoice__issue_date": "2020-12-01",
        "debtor__kind": "trader",
    },
    "compensation_not_from_consumer": {"terms__claims_compensation": True, "terms__reminder_fee_agreed_since": None},
    "charges_exclude_each_other": {"terms__claims_compensation": True, "debtor__kind": "trader"},
    # Older than the first rate, and kept alive by payments.
    "rate_unknown": {
        "invoice__issue_date": "2001-01-01",
        "invoice__due_date": "2001-02-01",
        "debtor__kind": "trader",
        "payments": [
            {"id": str(uuid4()), "kind": "payment", "day": day, "amount": "1.00"}
            for day in ("2009-01-02", "2018-01-02", "2026-01-02")
        ],
    },
}


def _table(heading: str) -> dict[str, list[str]]:
    """The rows of the table under the heading, by each code in their first column."""
    text = DOCUMENT.split(f"{heading}\n", 1)[1].split("\n#", 1)[0]
    rows = [
        [cell.strip() for cell in row.strip("|").split(" | ")] for row in text.splitlines() if row.startswith("| `")
    ]
    return {code: row[1:] for row in rows for code in re.findall(r"`(\w+)`", row[0])}


def _refusals(of: type[Refusal]) -> Iterator[type[Refusal]]:
    for refusal in of.__subclasses__():
        yield refusal
        yield from _refusals(refusal)


def test_every_problem_is_documented_with_its_status() -> None:
    assert {code: int(row[0]) for code, row in _table("## Problems").items()} == {
        code: status.value for code, (status, _) in CODES.items()
    }


def test_every_refusal_of_the_rules_is_documented_and_nothing_else() -> None:
    for module in pkgutil.walk_packages(core.__path__, "punktlig.core."):
        importlib.import_module(module.name)
    possible = {
        refusal.code
        for refusal in _refusals(Refusal)
        if refusal.__module__.startswith("punktlig.core.") and refusal.__module__ not in ELSEWHERE
    }
    assert possible > NOT_OF_A_HANDOVER
    documented = possible - NOT_OF_A_HANDOVER | {AddressDoesNotFit.code, CharacterNotCovered.code}
    assert set(_table("### Refusals of a claim")) == documented == set(REFUSED)


@pytest.mark.django_db
def test_every_documented_refusal_of_a_claim_can_be_had() -> None:
    caller = Caller()
    company = caller.activate()
    answers = lines_of(caller.post_lines(*[changed(submission(company), **changes) for changes in REFUSED.values()]))
    told = [answer.problem.code if answer.problem else str(answer.status) for answer in answers]
    assert told == list(REFUSED)
    assert all(answer.problem and answer.problem.type.endswith("/claim-refused") for answer in answers)
    # Each says in words what is wrong.
    assert all(answer.problem and len(answer.problem.detail.split()) > 5 for answer in answers)


def test_every_refusal_of_a_command_is_documented() -> None:
    assert (
        set(_table("### Refusals of a command"))
        == set(WHY_A_COMMAND_IS_REFUSED)
        == {
            command_effects.CLAIM_IS_PAID,
            command_effects.CLAIM_IS_CLOSED,
            command_effects.PAYMENT_AHEAD,
            command_effects.HANDOVER_WAS_REFUSED,
            command_effects.PAYMENT_NOT_COUNTED,
            command_effects.PAYMENT_IN_LETTER,
            command_effects.TOLD_WITH_HANDOVER,
        }
    )


def test_every_kind_of_event_is_documented() -> None:
    assert set(_table("## Events")) == {kind.value for kind in EventKind}


def test_the_schedule_of_webhooks_is_the_one_that_is_followed() -> None:
    (written,) = re.findall(r"\*\*at once, then after (.*?)\*\*", DOCUMENT, re.DOTALL)
    units = {"s": 1, "min": 60, "h": 3600}
    seconds = [int(number) * units[unit] for number, unit in re.findall(r"(\d+) (s|min|h)", written)]
    assert seconds == [wait.total_seconds() for wait in feed.RETRY_SCHEDULE[1:]]


@pytest.mark.skipif(CURL is None, reason="the examples are run with curl")
@pytest.mark.django_db(transaction=True)
def test_the_examples_work_as_they_stand(live_server: Any, tmp_path: Path) -> None:
    blocks = re.findall(r"```sh\n(.*?)```", DOCUMENT, re.DOTALL)
    script = "set -e\n" + "\necho\n".join(blocks)
    assert script.count("curl ") == 9
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env={"AGENCY": live_server.url, "KEY": Caller().key, "PATH": "/usr/bin:/bin:/usr/local/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = [json.loads(line) for line in done.stdout.replace("}{", "}\n{").splitlines() if line.strip()]
    activated, claim, line, command, balance, events, letters, page, rates = told
    assert activated["agency_name"]
    assert claim["summary"]["status"] == "received"
    assert (line["status"], line["problem"]["code"]) == (422, "handover_id_reused")
    assert command["state"] == "confirmed"
    assert balance["balance"]["principal"] == "1000.00"
    assert [event["kind"] for event in events["events"]] == ["claim_received", "payment_confirmed"]
    assert letters == {"letters": []}
    assert page["more"] is False
    assert rates["rates"][-1]["valid_from"] == KNOWN_RATES.rows[-1].valid_from.isoformat()


def test_the_example_of_a_receiver_verifies_what_the_agency_signs() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
    applied: list[str] = []
    place: dict[str, Any] = {"apply_once": lambda event_id, _: applied.append(event_id)}
    exec(example, place)  # noqa: S102 - the example is ours
    secret, body = keys.new_webhook_secret(), json.dumps({"type": "claims.events", "events": [{"id": "1"}]}).encode()
    headers = sign([secret], str(uuid4()), body)
    place["receive"](secret, headers, body)
    assert applied == ["1"]
    with pytest.raises(PermissionError):
        place["receive"](secret, headers, body + b" ")
