"""Letters to the printer's folder: one zip a batch, whole or not at all, and once however often it is asked for.

The receipt is written before the zip takes its name. Whoever comes after a crash finds either no receipt, and nothing
has left; or a receipt and the part file, and gives it its name; or only the receipt, and the printer may have fetched
the zip and removed it already.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from punktlig.agency.records.handing_over import Answer, Verdict
from punktlig.core.letter.content import LetterContent
from punktlig.core.letter.stored_form import read_stored
from punktlig.formats.print_batch import PrintedLetter, print_batch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

    from punktlig.agency.records.handing_over import DrawnLetter

RECEIPTS = "receipts"


class PrintFolder:
    """The folder that the printer fetches batches from; `return_address` is printed on envelopes."""

    def __init__(self, folder: Path, return_address: str) -> None:
        self._folder = folder
        self._return_address = return_address

    def receipt(self, batch_id: UUID) -> Mapping[str, str] | None:
        """Return the evidence of a batch that was written, after giving it its name if that was not done."""
        try:
            text = self._receipt(batch_id).read_text("utf-8")
        except FileNotFoundError:
            return None
        with suppress(FileNotFoundError):
            self._part(batch_id).replace(self._zip(batch_id))
        evidence: dict[str, str] = json.loads(text)
        return evidence

    def hand_over(self, letters: Sequence[DrawnLetter], *, batch_id: UUID, at: datetime) -> list[Answer]:
        """Write the batch, or find it written. Raises OSError when the folder cannot be used; then nothing has left."""
        evidence = self.receipt(batch_id)
        if evidence is None:
            evidence = self._write(letters, batch_id, at)
        return [
            Answer(
                delivery_id=letter.due.delivery_id,
                verdict=Verdict.ACCEPTED,
                evidence=evidence,
                pdf_sha256=letter.sha256,
                pages=letter.pages,
            )
            for letter in letters
        ]

    def _write(self, letters: Sequence[DrawnLetter], batch_id: UUID, at: datetime) -> Mapping[str, str]:
        data = print_batch([printed(letter) for letter in letters], return_address=self._return_address)
        evidence = {
            "file": self._zip(batch_id).name,
            "sha256": hashlib.sha256(data).hexdigest(),
            "letters": str(len(letters)),
            "written_at": at.isoformat(timespec="seconds"),
        }
        (self._folder / RECEIPTS).mkdir(parents=True, exist_ok=True)
        _write_through(self._part(batch_id), data)
        receipt = self._receipt(batch_id)
        beside = receipt.with_suffix(".part")
        _write_through(beside, json.dumps(evidence, ensure_ascii=False, indent=1).encode())
        beside.replace(receipt)
        self._part(batch_id).replace(self._zip(batch_id))
        return evidence

    def _zip(self, batch_id: UUID) -> Path:
        return self._folder / f"{batch_id}.zip"

    def _part(self, batch_id: UUID) -> Path:
        return self._folder / f".{batch_id}.part"

    def _receipt(self, batch_id: UUID) -> Path:
        return self._folder / RECEIPTS / f"{batch_id}.json"


def printed(letter: DrawnLetter) -> PrintedLetter:
    """Return the letter as the printer's index tells of it: postcode, town and country apart from the other lines."""
    due = letter.due
    recipient = read_stored(LetterContent, due.content).recipient
    own_lines = recipient[: -1 if due.country == "SE" else -2]
    return PrintedLetter(
        letter_id=due.letter_id,
        pdf=letter.pdf,
        sha256=letter.sha256,
        sheets=letter.sheets,
        recipient=own_lines,
        postcode=due.postcode,
        town=due.town,
        country=due.country,
    )


def _write_through(path: Path, data: bytes) -> None:
    """Write the file and wait until it is on the disk, so that a receipt never outlives what it is for."""
    with path.open("wb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())
