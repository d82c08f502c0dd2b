"""`punktlig letter`: reminder letters from invoice files, each with its explained specification, or a named refusal."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from punktlig.core.formatting import formatting
from punktlig.formats.agency_file import INVENTED_AGENCY, read_agency_file
from punktlig.run.claim_options import ClaimOptions, claim_options
from punktlig.run.console import REFUSED, Console, table
from punktlig.run.letter_files import FolderCannotBeUsed, prepare_folder
from punktlig.run.letter_making import FEWEST_FOR_WORKERS, LetterMade, LetterRun
from punktlig.run.parameters import json_option

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from datetime import date

    from punktlig.core.agency import Agency
    from punktlig.core.formatting import Language
    from punktlig.run.letter_making import Outcome

AGENCY_FILE = Path("agency.toml")
_FEWEST_FOR_PROGRESS = 8


@click.command(epilog="Example: punktlig letter invoice.xml --as-of 2026-11-23 --out letters")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="INVOICE...")
@click.option(
    "--out",
    "folder",
    required=True,
    type=click.Path(path_type=Path),
    help="The folder for the letters. Made if needed.",
)
@click.option(
    "--agency",
    "agency_file",
    type=click.Path(path_type=Path),
    help="Who sends the letters, as in examples/agency.toml. Without it ./agency.toml, else an invented agency.",
)
@claim_options
@click.option(
    "--debt-text", default="", help="What the debt is for. The invoice's own lines when not given. One invoice."
)
@click.option(
    "--lang", type=click.Choice(["sv", "en"]), help="The letter's language. Swedish; English to a customer abroad."
)
@click.option(
    "--jobs", type=click.IntRange(1, 256), help="How many processes draw letters. As many as there are processors."
)
@json_option
@click.pass_obj
def letter(
    console: Console,
    *,
    files: tuple[Path, ...],
    folder: Path,
    agency_file: Path | None,
    chosen: ClaimOptions,
    lang: Language | None,
    jobs: int | None,
) -> None:
    """Make reminder letters from invoice files in UBL (Peppol) or CII.

    Each invoice becomes a PDF and a JSON file that explains every amount, or is refused by name; one refusal does not
    stop the rest. The same invoice gives the same bytes in every run.
    """
    chosen.refuse_for_several(len(files))
    agency = chosen_agency(console, agency_file, today=chosen.as_of)
    make_letters(
        console,
        [(path, chosen) for path in files],
        agency=agency,
        folder=folder,
        language=lang,
        jobs=jobs,
    )


def chosen_agency(console: Console, file: Path | None, *, today: date) -> Agency:
    """Return the agency of the file, of ./agency.toml, or the invented one with a warning."""
    if file is not None or AGENCY_FILE.exists():
        return read_agency_file(file or AGENCY_FILE, today=today)
    if not console.as_json:
        console.tell(
            en=f"punktlig: these letters bear an invented sender, {INVENTED_AGENCY.name}, and must not be sent. "
            "Give your own with --agency FILE.",
            sv=f"punktlig: breven har en påhittad avsändare, {INVENTED_AGENCY.name}, och får inte skickas. "
            "Ange den egna med --agency FIL.",
        )
    return INVENTED_AGENCY


def make_letters(
    console: Console,
    invoices: Sequence[tuple[Path, ClaimOptions]],
    *,
    agency: Agency,
    folder: Path,
    language: Language | None = None,
    jobs: int | None = None,
) -> None:
    """Make the letters, tell what became of each file, and end with status 2 when one was refused.

    Raises:
        FolderCannotBeUsed: before any work when the folder is of no use; later when the disk fills up.
    """
    prepare_folder(folder)
    run = LetterRun(agency=agency, folder=folder, language=language, workers=_workers(len(invoices), jobs))
    outcomes: list[Outcome] = []
    stopped: FolderCannotBeUsed | None = None
    with _progress(len(invoices)) as progress:
        try:
            for outcome in run.make(invoices):
                outcomes.append(outcome)
                if progress is not None:
                    progress.update(1)
        except FolderCannotBeUsed as refusal:
            stopped = refusal
    as_of = invoices[0][1].as_of if invoices else None
    if console.as_json:
        console.document(_document(console, outcomes, as_of=as_of, agency=agency, stopped=stopped))
    else:
        _tell(console, outcomes, folder)
        if stopped is not None:
            console.refuse(stopped)
    if stopped is not None or any(not isinstance(outcome, LetterMade) for outcome in outcomes):
        click.get_current_context().exit(REFUSED)


def _workers(count: int, jobs: int | None) -> int:
    if jobs is not None:
        return jobs
    if count < FEWEST_FOR_WORKERS:
        return 1
    # A container may be given fewer processors than the machine has.
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, count)


def _progress(count: int) -> AbstractContextManager[Any]:
    if count < _FEWEST_FOR_PROGRESS or not sys.stderr.isatty():
        return nullcontext()
    return click.progressbar(length=count, label="Letters", file=sys.stderr, show_pos=True)


def _tell(console: Console, outcomes: Sequence[Outcome], folder: Path) -> None:
    write = formatting(console.language)
    made = [outcome for outcome in outcomes if isinstance(outcome, LetterMade)]
    rows = [
        (
            outcome.file,
            f"→ {outcome.pdf}",
            write.with_currency(outcome.total),
            outcome.last_day_to_pay.isoformat(),
        )
        for outcome in made
    ]
    for line in table(rows, (False, False, True, False)):
        console.say(line)
    for outcome in outcomes:
        if not isinstance(outcome, LetterMade):
            for refusal in outcome.refusals:
                console.refuse(refusal, about=outcome.file)
    refused = len(outcomes) - len(made)
    console.tell(
        en=f"{len(made)} {'letter' if len(made) == 1 else 'letters'} in {folder}, {refused} refused.",
        sv=f"{len(made)} brev i {folder}, {refused} nekade.",
    )


def _document(
    console: Console,
    outcomes: Sequence[Outcome],
    *,
    as_of: date | None,
    agency: Agency,
    stopped: FolderCannotBeUsed | None,
) -> dict[str, object]:
    made = sum(isinstance(outcome, LetterMade) for outcome in outcomes)
    return {
        "as_of": None if as_of is None else as_of.isoformat(),
        "agency": agency.name,
        "agency_is_invented": agency is INVENTED_AGENCY,
        "made": made,
        "refused": len(outcomes) - made,
        "stopped_by": None if stopped is None else console.refusal_shape(stopped),
        "files": [_outcome_shape(console, outcome) for outcome in outcomes],
    }


def _outcome_shape(console: Console, outcome: Outcome) -> dict[str, object]:
    if not isinstance(outcome, LetterMade):
        return {
            "file": outcome.file,
            "outcome": "refused",
            "refusals": [console.refusal_shape(refusal) for refusal in outcome.refusals],
        }
    return {
        "file": outcome.file,
        "outcome": "made",
        "invoice_number": outcome.invoice_number,
        "creditor": outcome.creditor,
        "case_number": outcome.case_number,
        "payment_reference": outcome.payment_reference,
        "language": outcome.language,
        "total": str(outcome.total),
        "last_day_to_pay": outcome.last_day_to_pay.isoformat(),
        "pdf": str(outcome.pdf),
        "specification": str(outcome.specification),
        "sha256": outcome.sha256,
    }
