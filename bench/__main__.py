"""Measure, print, and with `--write` make the page of results: `python -m bench [NAME…] [--quick] [--write FILE]`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bench import api_claim, handover, interest, invoice_list, letters, report
from bench.machine import OthersWatch, this_machine

if TYPE_CHECKING:
    from bench.results import Benchmark

BENCHMARKS: tuple[Benchmark, ...] = (interest, letters, handover, api_claim, invoice_list)
_BY_NAME = {benchmark.name: benchmark for benchmark in BENCHMARKS}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(sorted(_BY_NAME)))
@click.option("--quick", is_flag=True, help="Small sizes: to see that everything goes, not to publish.")
@click.option(
    "--write",
    "page_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the results of this run as a page, such as docs/performance.md.",
)
def main(names: tuple[str, ...], *, quick: bool, page_file: Path | None) -> None:
    """Measure the benchmarks of these NAMES, or all, and compare them with their floors and goals."""
    watch = OthersWatch()
    measured = []
    for name in dict.fromkeys(names or _BY_NAME):
        click.echo(f"measuring {name} …", err=True)
        benchmark = _BY_NAME[name]
        result = benchmark.run(quick=quick)
        click.echo(report.terminal(result, benchmark.goal))
        measured.append((result, benchmark.goal))
    run = report.Run(
        day=date.today(),  # noqa: DTZ011 - the day on the wall of whoever measured
        machine=this_machine(),
        others_share=watch.share(),
        quick=quick,
        measured=tuple(measured),
    )
    click.echo(f"other programs used {run.others_share:.0%} of the machine meanwhile", err=True)
    if page_file is not None:
        page_file.write_text(report.page(run), encoding="utf-8")
        click.echo(f"written: {page_file}", err=True)


if __name__ == "__main__":
    main()
