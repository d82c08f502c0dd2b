"""The printer's folder gets each batch once and whole, whatever happens while it is written."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from punktlig.agency.gateways.print_gateway import PrintFolder, printed
from punktlig.agency.records.handing_over import DrawnLetter, DueLetter, Verdict
from tests.core.letter.cases import CASES

AT = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
BATCH = UUID(int=7)
PDF = b"%PDF-1.7 not drawn here"


def letter(case: str = "consumer-fee-two-rates", country: str = "SE") -> DrawnLetter:
    due = DueLetter(
        delivery_id=uuid4(),
        letter_id=uuid4(),
        claim_number="12345678",
        content=CASES[case].content().to_json(),
        recipient="",
        postcode="752 42",
        town="Uppsala",
        country=country,
    )
    return DrawnLetter(due=due, pdf=PDF, pages=1, sha256=hashlib.sha256(PDF).hexdigest())


def test_a_batch_is_written_once_and_answered_the_same_again(tmp_path: Path) -> None:
    folder, letters = PrintFolder(tmp_path / "out", "Box 1"), [letter(), letter()]
    answers = folder.hand_over(letters, batch_id=BATCH, at=AT)
    file = tmp_path / "out" / f"{BATCH}.zip"
    before = file.stat().st_mtime_ns
    again = folder.hand_over(letters, batch_id=BATCH, at=datetime(2026, 12, 1, tzinfo=UTC))
    assert again == answers
    assert file.stat().st_mtime_ns == before
    assert {answer.verdict for answer in answers} == {Verdict.ACCEPTED}
    assert answers[0].evidence["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert [path.name for path in (tmp_path / "out").iterdir() if path.name.startswith(".")] == []


def test_a_batch_that_the_printer_has_taken_is_not_written_again(tmp_path: Path) -> None:
    folder, letters = PrintFolder(tmp_path, "Box 1"), [letter()]
    answers = folder.hand_over(letters, batch_id=BATCH, at=AT)
    (tmp_path / f"{BATCH}.zip").unlink()
    assert folder.hand_over(letters, batch_id=BATCH, at=AT) == answers
    assert not list(tmp_path.glob("*.zip"))


@pytest.mark.parametrize("step", range(3))
def test_killed_at_any_step_of_the_writing_the_batch_is_whole_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    letters = [letter()]
    real = Path.replace
    done: list[Path] = []

    def killed(path: Path, target: Path) -> Path:
        # Steps: before the receipt has its name; before the zip has; and after it.
        if len(done) == step:
            raise KeyboardInterrupt
        done.append(target)
        return real(path, target)

    folder = PrintFolder(tmp_path, "Box 1")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", killed)
        if step < 2:
            with pytest.raises(KeyboardInterrupt):
                folder.hand_over(letters, batch_id=BATCH, at=AT)
        else:
            folder.hand_over(letters, batch_id=BATCH, at=AT)
    # Nothing that the printer could fetch before there is a receipt of it.
    assert len(list(tmp_path.glob("*.zip"))) == (step == 2)
    assert (folder.receipt(BATCH) is None) == (step == 0)
    (answer,) = folder.hand_over(letters, batch_id=BATCH, at=AT)
    (file,) = tmp_path.glob("*.zip")
    assert hashlib.sha256(file.read_bytes()).hexdigest() == answer.evidence["sha256"]
    assert not list(tmp_path.glob(".*.part"))


def test_a_folder_that_cannot_be_written_says_so_and_nothing_has_left(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        PrintFolder(tmp_path / "file" / "out", "Box 1").hand_over([letter()], batch_id=BATCH, at=AT)


def test_the_index_parts_the_address_from_postcode_town_and_country() -> None:
    at_home = printed(letter())
    assert at_home.recipient == ("Anna-Karin Lindqvist", "Rönnbärsvägen 14 B")
    assert (at_home.postcode, at_home.town, at_home.country) == ("752 42", "Uppsala", "SE")
    content = CASES["consumer-abroad-english"].content()
    abroad = printed(letter("consumer-abroad-english", "DE"))
    assert abroad.recipient == content.recipient[:-2]
