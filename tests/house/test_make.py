"""`make test` is what the build server runs: its cheap questions come first, and every test runs once for each site."""

from __future__ import annotations

import os
import shutil
import subprocess
import tomllib
from functools import cache
from typing import TYPE_CHECKING

import pytest

from tests.house.repository import ROOT, shown, tracked_files

if TYPE_CHECKING:
    from pathlib import Path

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="this machine has no make")
_LONG = ROOT / "tests" / "long"
_SETTINGS = {"punktlig.receivables.settings", "punktlig.agency.settings"}


def commands_of(target: str) -> list[list[str]]:
    """Return the commands that make would run for the target, in order, when all is installed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    plan = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", "--assume-old=.venv/.installed", target],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    lines = (line.split() for line in plan.stdout.splitlines())
    commands = ([word for word in line if not word.startswith("PUNKTLIG_")] for line in lines)
    return [
        [command[0].removeprefix(".venv/bin/"), *command[1:]]
        for command in commands
        if command and command[0].startswith(".venv/bin/")
    ]


@cache
def runs_of_pytest() -> list[tuple[str, set[Path], set[Path]]]:
    """Return (settings or "", paths, paths left out) of every pytest of `make test`, and last that of the journeys."""
    runs = []
    for command in [*commands_of("test"), *commands_of("test-journeys")]:
        if command[0] == "pytest":
            (settings,) = [word.removeprefix("--ds=") for word in command if word.startswith("--ds=")] or [""]
            assert settings or command[1:3] == ["-p", "no:django"]
            left_out = {ROOT / word.removeprefix("--ignore=") for word in command if word.startswith("--ignore=")}
            runs.append((settings, {ROOT / word for word in command if word.startswith("tests")}, left_out))
    return runs


def settings_for(test: Path) -> list[str]:
    """Return with which settings a test file is run, once for each time."""
    return [
        settings
        for settings, paths, left_out in runs_of_pytest()
        for path in paths
        if test.is_relative_to(path) and not any(test.is_relative_to(other) for other in left_out)
    ]


@needs_make
def test_make_test_asks_lint_types_and_imports_before_the_tests() -> None:
    tools = [command[0] for command in commands_of("test")]
    first = tools.index("pytest")
    assert set(tools[:first]) == {"ruff", "mypy", "lint-imports"}
    assert set(tools[first:]) == {"pytest"}


@needs_make
def test_make_test_also_asks_whether_the_code_is_formatted() -> None:
    assert ["ruff", "format", "--check", "."] in commands_of("test")


@needs_make
def test_every_test_runs_once_and_those_of_both_sites_once_for_each() -> None:
    runs = runs_of_pytest()
    assert [settings for settings, _, _ in runs].count("") == 2
    assert {settings for settings, _, _ in runs} == _SETTINGS | {""}
    for test in (path for path in tracked_files() if path.name.startswith("test_") and path.suffix == ".py"):
        ran = settings_for(test)
        if test.is_relative_to(ROOT / "tests" / "tenancy"):
            assert sorted(ran) == sorted(_SETTINGS), shown(test)
        elif test.is_relative_to(_LONG):
            assert ran == [], shown(test)
        else:
            assert len(ran) == 1, f"{shown(test)}: {ran}"


@needs_make
@pytest.mark.parametrize("site", ["receivables", "agency"])
def test_a_sites_tests_run_with_its_settings(site: str) -> None:
    assert settings_for(ROOT / "tests" / site / "test_refusals.py") == [f"punktlig.{site}.settings"]


@needs_make
def test_the_journeys_are_a_suite_of_their_own() -> None:
    _, paths, _ = runs_of_pytest()[-1]
    assert not any("tests/journeys" in command for command in commands_of("test"))
    assert paths == {ROOT / "tests" / "journeys", ROOT / "tests" / "faults"}


@needs_make
def test_what_takes_long_is_run_when_it_is_asked_for() -> None:
    (command,) = (command for command in commands_of("test-long") if command[0] == "pytest")
    assert command[-1] == "tests/long"


@needs_make
@pytest.mark.parametrize("target", ["demo", "demo-day", "demo-reset", "examples", "test", "bench", "lint", "fmt"])
def test_every_promised_target_does_something(target: str) -> None:
    assert commands_of(target)


def test_the_build_server_runs_make_test_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    commands = [line for line in lines if line and not line.startswith("#")]
    assert commands == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "exec make test"]
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_warnings_fail_the_tests_and_types_are_strict() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    assert tools["pytest"]["ini_options"]["filterwarnings"] == ["error"]
    assert tools["mypy"]["strict"] is True
    assert any(contract.get("exhaustive") for contract in tools["importlinter"]["contracts"])
