"""`punktlig backup` and `punktlig restore`: everything that `punktlig run` keeps, in one file.

The file is a tar archive with each database as `pg_dump` writes it, the secrets and who the agency is. The receivables
site is taken first: of two sites that are not of quite the same moment it is the one that may be the older.
"""

from __future__ import annotations

import os
import subprocess
import tarfile
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from punktlig.run import databases
from punktlig.run.own_machine import OwnMachine
from punktlig.run.parameters import data_folder
from punktlig.run.postgres import PORT, SUPERUSER, find_binaries
from punktlig.run.refusals import BackupIsNotOurs, FileIsThere, FolderIsInUse, NothingToBackUp

if TYPE_CHECKING:
    from punktlig.run.console import Console

# The secrets last: a folder with databases and without them has not been restored, and `run` refuses it.
_KEPT = ("agency.toml", "secrets.json")
_DATA = data_folder("The folder of `punktlig run`.", required=True)


@click.command()
@_DATA
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def backup(console: Console, folder: Path, file: Path) -> None:
    """Write both databases, the secrets and who the agency is into FILE. The sites may run meanwhile."""
    it = OwnMachine(folder, ports={}, urls={})
    if not it.postgres.cluster.exists() or not it.secrets_file.exists():
        raise NothingToBackUp(str(it.folder))
    if file.exists():
        raise FileIsThere(str(file))
    if not file.parent.is_dir():
        raise click.BadParameter(f"there is no folder {file.parent}", param_hint="FILE")
    with ExitStack() as opened:
        if not it.joins_what_runs():
            opened.enter_context(it.postgres)
        write_backup(it, file)
    console.tell(
        en=f"{file} holds everything, with the secrets: keep it as carefully as the database.",
        sv=f"{file} innehåller allt, även hemligheterna: förvara den lika varsamt som databasen.",
    )


@click.command()
@_DATA
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def restore(console: Console, folder: Path, file: Path) -> None:
    """Make a new folder from a backup, for `punktlig run` to go on from."""
    it = OwnMachine(folder, ports={}, urls={})
    if it.postgres.cluster.exists() or it.secrets_file.exists():
        raise FolderIsInUse(str(it.folder))
    dumps = {f"{site}.dump" for site in databases.SITES}
    try:
        with tarfile.open(file) as archive:
            names = set(archive.getnames())
    except tarfile.TarError:  # one that was cut off, too
        raise BackupIsNotOurs(str(file)) from None
    if not dumps | {"secrets.json"} <= names <= dumps | set(_KEPT):
        raise BackupIsNotOurs(str(file))
    it.folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    with TemporaryDirectory(dir=it.folder) as place:
        with tarfile.open(file) as archive:
            archive.extractall(place, filter="data")
        _fill(it, Path(place))
    console.tell(
        en="What happened after the backup is forgotten. Look in the old print folder, before you start, for letters "
        "that have left since: they would be made and sent again.",
        sv="Det som hände efter säkerhetskopian är glömt. Se efter i den gamla mappen print, innan du startar, om brev "
        "har lämnats sedan dess: de skulle skapas och skickas igen.",
    )


def _fill(it: OwnMachine, place: Path) -> None:
    """Make the databases from their dumps, and then the rest."""
    with it.postgres:
        databases.prepare(it.postgres.sockets)
        for site in databases.SITES:
            _postgres_program(it, "pg_restore", "--exit-on-error", "-d", site, str(place / f"{site}.dump"))
    for name in _KEPT:
        if (place / name).exists():
            (place / name).chmod(0o600)
            (place / name).replace(it.folder / name)


def write_backup(it: OwnMachine, file: Path) -> None:
    """Write the backup, whole or not at all; its database runs."""
    with TemporaryDirectory(dir=file.parent) as place:
        # Made where nobody else may look: beside the file somebody could have put one of that name, open to all.
        whole = Path(place, "whole.tar")
        for site in databases.SITES:
            _postgres_program(it, "pg_dump", "--format=custom", "-f", str(Path(place, f"{site}.dump")), site)
        with os.fdopen(os.open(whole, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as opened:
            with tarfile.open(fileobj=opened, mode="w") as archive:
                for site in databases.SITES:
                    archive.add(Path(place, f"{site}.dump"), f"{site}.dump")
                for name, kept in (("agency.toml", it.agency_file_used), ("secrets.json", it.secrets_file)):
                    if kept.exists():
                        archive.add(kept, name)
            opened.flush()
            os.fsync(opened.fileno())
        whole.replace(file)


def _postgres_program(it: OwnMachine, program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL's against our server, as the one that sees every row."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    done = subprocess.run(  # noqa: S603 - our own binary, arguments as a list
        [str(find_binaries() / program), "-h", str(it.postgres.sockets), "-p", str(PORT), "-U", SUPERUSER, *arguments],
        env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(f"{program}: {done.stderr.strip()[-2000:]}")
