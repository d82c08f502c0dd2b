"""Runs the command as a person would, and gives the invented invoices to run it on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from punktlig.run.command import main

EXAMPLES = Path(__file__).parents[2] / "examples"
INVOICES = EXAMPLES / "invoices"
CONSUMER = INVOICES / "01-consumer-bankgiro.xml"
TRADER = INVOICES / "02-trader-bankgiro.xml"
NO_DUE_DATE = INVOICES / "21-refused-no-due-date.xml"
EURO = INVOICES / "22-refused-euro.xml"
AS_OF = ("--as-of", "2026-11-23")


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)

    @property
    def refusal(self) -> Any:
        return json.loads(self.err)["refusal"]


def run(*arguments: object) -> Ran:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return Ran(result.exit_code, result.stdout, result.stderr)


def changed(source: Path, target: Path, *replacements: tuple[str, str]) -> Path:
    """Write a copy of an invoice with each of the texts replaced; every one of them must be there."""
    text = source.read_text("utf-8")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    target.write_text(text, "utf-8")
    return target
