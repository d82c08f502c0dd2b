"""`punktlig invoice`: what was read from an invoice file, and whether and why not it may become a claim."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from punktlig.core.formatting import formatting
from punktlig.core.refusal import Refusal
from punktlig.core.reminder import refusals
from punktlig.run.claim_options import ClaimOptions, claim_options
from punktlig.run.console import REFUSED, Console, table
from punktlig.run.invoice_files import read_invoice_file
from punktlig.run.invoice_shape import invoice_shape
from punktlig.run.parameters import json_option

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from punktlig.core.formatting import Language
    from punktlig.core.invoice import Invoice, InvoiceParty


@click.command(epilog="Example: punktlig invoice invoice.xml --as-of 2026-11-23")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="INVOICE...")
@claim_options
@json_option
@click.pass_obj
def invoice(console: Console, *, files: tuple[Path, ...], chosen: ClaimOptions) -> None:
    """Show what an invoice file says, and whether it may become a claim.

    All reasons against are told at once. The exit status is 0 when every file could be read, also when it may not
    become a claim: that is the answer.
    """
    chosen.refuse_for_several(len(files))
    shapes: list[dict[str, object]] = []
    unreadable = False
    for position, path in enumerate(files):
        try:
            read = read_invoice_file(path)
        except Refusal as refusal:
            unreadable = True
            if console.as_json:
                shapes.append(_shape(console, path, None, (refusal,)))
            else:
                console.refuse(refusal, about=str(path))
            continue
        found = refusals(chosen.facts(read))
        if console.as_json:
            shapes.append(_shape(console, path, read, found))
        else:
            if position:
                console.say()
            _show(console, path, read, found, chosen)
    if console.as_json:
        console.document({"as_of": chosen.as_of.isoformat(), "files": shapes})
    if unreadable:
        click.get_current_context().exit(REFUSED)


def _shape(console: Console, path: Path, read: Invoice | None, found: tuple[Refusal, ...]) -> dict[str, object]:
    return {
        "file": str(path),
        "invoice": None if read is None else invoice_shape(read),
        "may_be_claimed": not found,
        "refusals": [console.refusal_shape(refusal) for refusal in found],
    }


_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "number": "Invoice",
        "kind": "Kind",
        "seller": "From",
        "buyer": "To",
        "payee": "Pay to",
        "issue_date": "Dated",
        "due_date": "Due",
        "total": "Total",
        "prepaid": "Paid in advance",
        "payable": "To pay",
        "account": "Account",
        "reference": "Reference",
        "terms": "Terms",
        "deduction": "Deduction",
        "lines": "For",
        "missing": "not said",
        "yes": "May become a claim on {day}.",
        "no": "May not become a claim on {day}:",
    },
    "sv": {
        "number": "Faktura",
        "kind": "Slag",
        "seller": "Från",
        "buyer": "Till",
        "payee": "Betalas till",
        "issue_date": "Daterad",
        "due_date": "Förfaller",
        "total": "Summa",
        "prepaid": "Betalt i förskott",
        "payable": "Att betala",
        "account": "Konto",
        "reference": "Referens",
        "terms": "Villkor",
        "deduction": "Avdrag",
        "lines": "Gäller",
        "missing": "står inte",
        "yes": "Får bli en fordran hos ombudet {day}.",
        "no": "Får inte bli en fordran hos ombudet {day}:",
    },
}


def _show(console: Console, path: Path, read: Invoice, found: tuple[Refusal, ...], chosen: ClaimOptions) -> None:
    words = _WORDS[console.language]
    console.say(str(path))
    for line in table(_facts(read, console.language), (False, False)):
        console.say(f"  {line}")
    console.say((words["no"] if found else words["yes"]).format(day=chosen.as_of.isoformat()))
    for refusal in found:
        shape = console.refusal_shape(refusal)
        console.say(f"  {refusal.code}: {shape['what']}")
        console.say(f"    → {shape['todo']}")


def _facts(read: Invoice, language: Language) -> Iterator[tuple[str, str]]:
    words, write = _WORDS[language], formatting(language)

    def amount(value: Decimal | None) -> str:
        return words["missing"] if value is None else f"{write.decimal(value)} {read.currency}"

    yield words["number"], f"{read.number} ({read.source.format.upper()})" if read.source else read.number
    yield words["kind"], read.kind.value.replace("_", " ")
    yield words["seller"], _party(read.seller)
    yield words["buyer"], _party(read.buyer)
    if read.payee is not None:
        yield words["payee"], _party(read.payee)
    yield words["issue_date"], read.issue_date.isoformat() if read.issue_date else words["missing"]
    yield words["due_date"], read.due_date.isoformat() if read.due_date else words["missing"]
    yield words["total"], amount(read.total)
    if read.prepaid:
        yield words["prepaid"], amount(read.prepaid)
    yield words["payable"], amount(read.payable)
    for account in read.accounts:
        yield words["account"], f"{account.kind.value} {account.number}"
    if read.payment_reference:
        yield words["reference"], read.payment_reference
    if read.terms:
        yield words["terms"], _short(read.terms)
    if read.deduction is not None:
        yield words["deduction"], read.deduction.value.upper()
    for line in read.lines:
        yield words["lines"], _short(line.text)


def _party(party: InvoiceParty) -> str:
    address = party.address
    place = " ".join(part for part in (address.postcode, address.town, address.country) if part)
    parts = (party.name, party.identity_number or party.vat_number, *address.lines, place)
    return ", ".join(_short(part) for part in parts if part)


def _short(text: str) -> str:
    longest = 100
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[:longest]}…"
