"""docs/api.md says everything the API can answer, and its examples work as they stand there."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from punktlig import core
from punktlig.agency.actions import feed, keys
from punktlig.agency.api.problems import CODES
from punktlig.agency.records import command_effects
from punktlig.core.late_rate import KNOWN_RATES
from punktlig.core.refusal import Refusal
from punktlig.exchange.messages import EventKind
from punktlig.exchange.signatures import sign
from punktlig.letters.printable import CharacterNotCovered
from tests.agency.api.calling import Caller

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENT = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
CURL = shutil.which("curl")

# Refusals of making a letter or of an invoice as a file, which no handover is answered with.
ELSEWHERE = {"punktlig.core.letter.compose", "punktlig.core.invoice_totals", "punktlig.core.added_rates"}


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
    assert set(_table("### Refusals of a claim")) == possible | {CharacterNotCovered.code}


def test_every_refusal_of_a_command_is_documented() -> None:
    assert set(_table("### Refusals of a command")) == {
        command_effects.CLAIM_IS_PAID,
        command_effects.CLAIM_IS_CLOSED,
        command_effects.PAYMENT_AHEAD,
        command_effects.HANDOVER_WAS_REFUSED,
    }


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
