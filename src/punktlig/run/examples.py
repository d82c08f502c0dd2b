"""`punktlig examples`: letters from the invented invoices, to look at. Nothing in it is anybody's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from punktlig.core.facts import Terms
from punktlig.core.interest import PartPayment
from punktlig.core.money import Money
from punktlig.core.parties import DebtorKind
from punktlig.core.refusal import Refusal
from punktlig.formats.agency_file import INVENTED_AGENCY
from punktlig.run.claim_options import ClaimOptions
from punktlig.run.letter import make_letters

if TYPE_CHECKING:
    from punktlig.run.console import Console

# src/punktlig/run/examples.py: the repository is four floors up.
EXAMPLE_INVOICES = Path(__file__).parents[3] / "examples" / "invoices"

# The invoices are overdue on this day and the reference rate of its half-year is known, whatever today is.
EXAMPLES_DAY = date(2026, 11, 23)
_REFUSED_ON_PURPOSE = "refused"


@dataclass(eq=False)
class ExampleInvoicesMissing(Refusal):
    """The examples of the repository are not beside the program."""

    folder: str


_FEE = Terms(reminder_fee_agreed_since=date(2024, 3, 1))
_COMPENSATION = Terms(claims_compensation=True)

# What examples/invoices/README.md says to add, because no invoice file tells it.
EXAMPLE_OPTIONS: dict[str, dict[str, Any]] = {
    "01-consumer-bankgiro.xml": {"terms": _FEE},
    "02-trader-bankgiro.xml": {"terms": _COMPENSATION},
    "03-public-body-bankgiro.xml": {"terms": _COMPENSATION},
    "05-consumer-rot.xml": {"customer_share": Money(34_665_00)},
    "06-consumer-rut.xml": {"customer_share": Money(3_400_00)},
    "09-consumer-denmark.xml": {"debtor": DebtorKind.CONSUMER},
    "12-trader-cii.xml": {"payments": (PartPayment(date(2026, 10, 30), Money(19_178_36)),)},
    "13-sole-trader.xml": {"debtor": DebtorKind.TRADER},
}


@click.command()
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("examples-out"),
    show_default=True,
    help="The folder for the letters.",
)
@click.pass_obj
def examples(console: Console, folder: Path) -> None:
    """Make letters from the invented invoices in examples/invoices, as on 23 November 2026.

    The examples that are refused on purpose are left to `punktlig invoice` and `punktlig letter`.
    """
    files = sorted(path for path in EXAMPLE_INVOICES.glob("*.xml") if _REFUSED_ON_PURPOSE not in path.name)
    if not files:
        raise ExampleInvoicesMissing(str(EXAMPLE_INVOICES))
    make_letters(
        console,
        [(path, ClaimOptions(as_of=EXAMPLES_DAY, **EXAMPLE_OPTIONS.get(path.name, {}))) for path in files],
        agency=INVENTED_AGENCY,
        folder=folder,
    )
    console.tell(
        en=f"Open the letters in {folder.resolve()}. The JSON file beside each explains every amount.",
        sv=f"Öppna breven i {folder.resolve()}. JSON-filen bredvid varje brev förklarar alla belopp.",
    )
