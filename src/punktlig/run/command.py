"""The command `punktlig`: its subcommands, and how every run of it ends.

Exit status: 0 done, 1 our fault, 2 refused or bad input; 130 and 141 when the person or the reader of the output went.
"""

from __future__ import annotations

import errno
import os
import platform as machine
import sys
import traceback
from importlib.metadata import version
from typing import Any, Literal

import click

from punktlig.core.refusal import Refusal
from punktlig.run.administration import person, platform
from punktlig.run.backup import backup, restore
from punktlig.run.console import INTERRUPTED, NOBODY_READS, OUR_FAULT, REFUSED, Console, tolerate_any_encoding
from punktlig.run.demo import demo, demo_day, demo_reset
from punktlig.run.examples import examples
from punktlig.run.interest import interest
from punktlig.run.invoice import invoice
from punktlig.run.letter import letter
from punktlig.run.own_machine_run import run
from punktlig.run.serve import database_sql, migrate, serve, work


class Punktlig(click.Group):
    """A group of commands that all end in the same few ways."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand; a refusal or a fault of ours is told on standard error and ends it."""
        status = OUR_FAULT
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Refusal as refusal:
            _console(ctx).refuse(refusal)
            status = REFUSED
        except OSError as problem:
            if problem.errno == errno.EPIPE:
                _write_nowhere()
                status = NOBODY_READS
            else:
                _report(problem, _console(ctx))
        except Exception as problem:  # noqa: BLE001 - the outermost edge: whatever it is, a person gets a short report
            _report(problem, _console(ctx))
        return ctx.exit(status)

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command and end the process with its exit status."""
        tolerate_any_encoding()
        try:
            # Click's own endings give 1 to a file that cannot be opened and to Ctrl-C; here 1 means our fault.
            status = super().main(*args, **{**extra, "prog_name": "punktlig", "standalone_mode": False})
        except click.ClickException as problem:
            problem.show()
            sys.exit(REFUSED)
        except click.Abort:
            click.echo("punktlig: interrupted. Every letter that was made is whole.", err=True)
            sys.exit(INTERRUPTED)
        sys.exit(status if isinstance(status, int) else 0)


@click.group(cls=Punktlig, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(version("punktlig"), prog_name="punktlig", message="%(prog)s %(version)s")
@click.option(
    "--language",
    type=click.Choice(["en", "sv"]),
    default="en",
    show_default=True,
    envvar="PUNKTLIG_LANGUAGE",
    show_envvar=True,
    help="The language the command speaks. A letter's own language is `letter --lang`.",
)
@click.option(
    "--debug",
    is_flag=True,
    envvar="PUNKTLIG_DEBUG",
    show_envvar=True,
    help="Show a full traceback when it is our fault.",
)
@click.pass_context
def main(ctx: click.Context, language: Literal["en", "sv"], *, debug: bool) -> None:
    """From an invoice file to a lawful Swedish reminder letter, with every amount explained.

    Exit status: 0 done, 1 our fault, 2 refused or bad input.
    """
    ctx.obj = Console(language, debug=debug)


main.add_command(interest)
main.add_command(invoice)
main.add_command(letter)
main.add_command(examples)
main.add_command(demo)
main.add_command(demo_day)
main.add_command(demo_reset)
main.add_command(run)
main.add_command(backup)
main.add_command(restore)
main.add_command(serve)
main.add_command(work)
main.add_command(migrate)
main.add_command(database_sql)
main.add_command(person)
main.add_command(platform)


def _console(ctx: click.Context) -> Console:
    return ctx.find_object(Console) or Console()


def _write_nowhere() -> None:
    """Let what is still buffered go nowhere, so that Python does not complain of it on its way out."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())


def _report(problem: Exception, console: Console) -> None:
    if console.debug:
        console.note("".join(traceback.format_exception(problem)).rstrip())
    said = " ".join("".join(traceback.format_exception_only(problem)).split())
    console.note(f"punktlig: something went wrong, and it is our fault: {said}")
    if not console.debug:
        console.note("Run it again as `punktlig --debug …` to see where.")
    console.note(
        "Please report it, as CONTRIBUTING.md says, with the traceback but without customers' data: "
        f"punktlig {version('punktlig')}, Python {machine.python_version()}, {machine.system()}."
    )
