"""Where a letter lies and how it gets there: a name that is safe anywhere, and whole or not at all."""

from __future__ import annotations

import os
import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from punktlig.core.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_LONGEST_STEM = 60
_UNSAFE = re.compile(r"[^0-9A-Za-z._-]+")


@dataclass(eq=False)
class FolderCannotBeUsed(Refusal):
    """Nothing can be written to the folder; `reason` is in the operating system's words."""

    folder: str
    reason: str


def letter_stem(invoice_number: str, case_number: str) -> str:
    """Return the file name of a letter without its ending: the invoice's number and the case's.

    The case number keeps apart what would otherwise share a name: two creditors' invoices 1001, or A/1 and A-1. So the
    same invoice has the same name in every run.
    """
    plain = unicodedata.normalize("NFKD", invoice_number).encode("ascii", "ignore").decode()
    readable = _UNSAFE.sub("-", plain).strip("-.")[:_LONGEST_STEM].strip("-.")
    return f"{readable or 'invoice'}_{case_number}"


def prepare_folder(folder: Path) -> None:
    """Make the folder and try to write in it, so that a long run does not fail at its first letter.

    Raises:
        FolderCannotBeUsed: it cannot be made or written to.
    """
    trial = folder / f".punktlig-{os.getpid()}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_new(trial, b"\0")
    except OSError as problem:
        raise FolderCannotBeUsed(str(folder), problem.strerror or str(problem)) from None
    finally:
        with suppress(OSError):
            trial.unlink()


def write_together(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write the files of one letter under their names, replacing older ones, none of them ever half written.

    Raises:
        FolderCannotBeUsed: the disk is full, or the folder no longer lets us; then nothing new has been left there.
    """
    waiting = {name: folder / f".{name}-{os.getpid()}.part" for name in contents}
    try:
        for name, content in contents.items():
            _write_new(waiting[name], content)
        for name, part in waiting.items():
            part.replace(folder / name)
    except OSError as problem:
        raise FolderCannotBeUsed(str(folder), problem.strerror or str(problem)) from None
    finally:
        # Also after Ctrl-C; what has its name already is no longer there to be removed.
        for part in waiting.values():
            with suppress(OSError):
                part.unlink()


def _write_new(path: Path, content: bytes) -> None:
    # "x" refuses to follow a link that somebody has put in the way.
    with suppress(FileNotFoundError):
        path.unlink()
    with path.open("xb") as opened:
        opened.write(content)
