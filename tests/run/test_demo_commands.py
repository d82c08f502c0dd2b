"""What guards the demo and its data. The demo itself is started by `tests/journeys/test_demo.py`."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from punktlig.run.postgres import Postgres
from tests.run.running import run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Return a folder as a demo leaves it, with a file of somebody's own in it."""
    folder = tmp_path / "demo"
    (folder / "database").mkdir(parents=True)
    (folder / "logs").mkdir()
    (folder / "clock").write_text("2\n")
    (folder / "filled").touch()
    (folder / "mine.txt").write_text("kept")
    return folder


def test_a_day_passes_in_the_file_that_both_sites_read(made: Path) -> None:
    assert run("demo-day", "--data", made).status == 0
    assert (made / "clock").read_text() == "3\n"
    ran = run("demo-day", "--data", made, "--days", "5")
    assert (made / "clock").read_text() == "8\n"
    assert "8 days ahead" in ran.err
    (made / "clock").write_text("0\n")
    assert "1 day ahead" in run("demo-day", "--data", made).err


def test_no_day_passes_where_there_is_no_demo(tmp_path: Path) -> None:
    ran = run("demo-day", "--data", tmp_path)
    assert ran.status == 2
    assert "demo_is_not_there" in ran.err


def test_starting_over_throws_away_what_the_demo_made_and_nothing_else(made: Path) -> None:
    assert run("demo-reset", "--data", made).status == 0
    assert [path.name for path in made.iterdir()] == ["mine.txt"]


def test_starting_over_is_nothing_where_there_was_no_demo(tmp_path: Path) -> None:
    assert run("demo-reset", "--data", tmp_path / "nowhere").status == 0


def test_a_folder_that_is_no_demo_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "clock").write_text("mine")
    ran = run("demo-reset", "--data", tmp_path)
    assert ran.status == 2
    assert "demo_is_not_there" in ran.err
    assert (tmp_path / "clock").read_text() == "mine"


def test_a_running_demo_is_neither_thrown_away_nor_started_twice(made: Path, free_ports: tuple[str, ...]) -> None:
    with Postgres(made / "database", durable=False):
        for command in (("demo-reset",), ("demo", *free_ports)):
            ran = run(*command, "--data", made)
            assert ran.status == 2
            assert "demo_is_running" in ran.err
    assert (made / "filled").exists()


def test_a_taken_port_is_told_before_anything_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ran = run("demo", "--data", tmp_path / "demo", "--receivables-port", port)
    assert ran.status == 2
    assert "port_is_taken" in ran.err
    assert str(port) in ran.err
    assert not (tmp_path / "demo").exists()


@pytest.fixture
def free_ports() -> tuple[str, ...]:
    """Return the options for two ports that nobody uses just now."""
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        ports = (one.getsockname()[1], other.getsockname()[1])
    return ("--receivables-port", str(ports[0]), "--agency-port", str(ports[1]))
