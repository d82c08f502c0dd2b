"""`make test` is what the build server runs, and its cheap questions come before the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import tomllib

import pytest

from tests.house.repository import ROOT

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="this machine has no make")


def commands_of(target: str) -> list[str]:
    """Return the commands that make would run for the target, in order, when all is installed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    plan = subprocess.run(
        ["make", "--dry-run", "--assume-old=.venv/.installed", target],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return [line.removeprefix(".venv/bin/") for line in plan.stdout.splitlines() if line.startswith(".venv/bin/")]


@needs_make
def test_make_test_asks_lint_types_and_imports_and_runs_the_tests_last() -> None:
    tools = [command.split()[0] for command in commands_of("test")]
    assert tools[-1] == "pytest"
    assert tools.count("pytest") == 1
    assert set(tools[:-1]) == {"ruff", "mypy", "lint-imports"}


@needs_make
def test_make_test_also_asks_whether_the_code_is_formatted() -> None:
    assert "ruff format --check ." in commands_of("test")


@needs_make
@pytest.mark.parametrize("target", ["demo", "test", "bench", "lint", "fmt"])
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
