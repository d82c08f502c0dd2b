"""How every run of the command ends: 0 done, 1 our fault, 2 refused or bad input, and quietly when nobody reads."""

import errno
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from punktlig.core.refusal import Refusal
from punktlig.run import invoice as invoice_command
from punktlig.run.command import main
from punktlig.run.console import printable, table
from punktlig.run.option_hints import OPTION_HINTS
from tests.run.running import CONSUMER, INVOICES, run

INTEREST = ("interest", "--principal", "1000", "--from", "2024-01-01", "--to", "2024-12-31")
NEGATIVE = ("interest", "--principal", "1000", "--from", "2017-01-01", "--to", "2017-12-31")


def process(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from punktlig.run.command import main; main()", *arguments]


def test_the_version_is_that_of_the_package() -> None:
    assert run("--version").out == f"punktlig {version('punktlig')}\n"


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_has_help_with_status_0(name: str) -> None:
    ran = run(name, "--help")

    assert ran.status == 0
    assert "Usage: punktlig" in ran.out


@pytest.mark.parametrize("arguments", [("nonsense",), ("interest",), ("letter",), ("letter", "a.xml"), ("--debugg",)])
def test_what_is_not_understood_is_bad_input(arguments: tuple[str, ...]) -> None:
    ran = run(*arguments)

    assert ran.status == 2
    assert ran.out == ""
    assert "Usage: " in ran.err


def broken(_path: Path) -> None:
    raise RuntimeError("a promise was broken")


def test_our_fault_is_status_1_with_a_short_report_and_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invoice_command, "read_invoice_file", broken)
    ran = run("invoice", CONSUMER)

    assert ran.status == 1
    assert "our fault: RuntimeError: a promise was broken" in ran.err
    assert "punktlig --debug" in ran.err
    assert "CONTRIBUTING.md" in ran.err
    assert "Traceback" not in ran.err


def test_debug_shows_the_traceback_of_our_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invoice_command, "read_invoice_file", broken)
    by_option = run("--debug", "invoice", CONSUMER)
    monkeypatch.setenv("PUNKTLIG_DEBUG", "1")
    by_environment = run("invoice", CONSUMER)

    for ran in (by_option, by_environment):
        assert ran.status == 1
        assert "Traceback (most recent call last)" in ran.err
        assert "a promise was broken" in ran.err


def test_an_error_of_the_operating_system_that_nobody_foresaw_is_our_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_path: Path) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(invoice_command, "read_invoice_file", fails)

    assert run("invoice", CONSUMER).status == 1


def test_ctrl_c_ends_as_the_shell_expects(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_path: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(invoice_command, "read_invoice_file", interrupted)
    ran = run("invoice", CONSUMER)

    assert ran.status == 130
    assert "interrupted" in ran.err


def test_a_refusal_is_told_by_code_words_and_what_to_do() -> None:
    ran = run("interest", "--principal", "1000", "--from", "2001-01-01", "--to", "2001-01-02")

    assert ran.status == 2
    assert ran.err.startswith("punktlig: rate_unknown: No reference rate is known for")
    assert "\n  → " in ran.err


def test_a_closed_pipe_ends_without_a_word() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = subprocess.run(process(*INTEREST, "--json"), stdout=writing, stderr=subprocess.PIPE, check=False)
    finally:
        os.close(writing)

    assert ended.returncode == 141
    assert ended.stderr == b""


def test_a_terminal_without_the_characters_gets_escapes_and_programs_get_utf_8() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "iso-8859-1"}
    table_ = subprocess.run(process(*NEGATIVE), env=environment, capture_output=True, check=True)
    read = subprocess.run(
        process("invoice", str(CONSUMER), "--as-of", "2026-11-23", "--json"),
        env=environment,
        capture_output=True,
        check=True,
    )

    assert b"\\u22120.50%" in table_.stdout
    assert "öre".encode("iso-8859-1") in table_.stdout
    assert "Lillsjöns Snickeri AB".encode() in read.stdout


def test_what_a_stranger_wrote_cannot_steer_the_terminal() -> None:
    assert printable("a\x1b[2Jb\u202ec\u0085\nå") == "a\\u001b[2Jb\\u202ec\\u0085\nå"


def test_a_table_is_aligned_also_with_wide_and_combining_letters() -> None:
    assert table([("名", "1"), ("ab", "10"), ("e\u0301", "5")], (False, True)) == ["名   1", "ab  10", "e\u0301    5"]


def test_an_option_hint_belongs_to_a_refusal_that_exists() -> None:
    known: set[str] = set()
    waiting = Refusal.__subclasses__()
    while waiting:
        kind = waiting.pop()
        known.add(kind.code)
        waiting += kind.__subclasses__()

    assert set(OPTION_HINTS) <= known


def test_the_environment_may_choose_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUNKTLIG_LANGUAGE", "sv")

    assert "Får inte bli en fordran" in run("invoice", INVOICES / "22-refused-euro.xml", "--as-of", "2026-11-23").out
