from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from bench import __main__ as command
from bench import report
from bench.machine import Machine, OthersWatch, this_machine
from bench.results import Bound, Figure, Goal, Result

GOALS = (
    Goal(figure="letters", bound=Bound.AT_LEAST, limit=100),
    Goal(figure="letters", bound=Bound.AT_LEAST, limit=0.2, of_floor=True),
    Goal(figure="memory", bound=Bound.AT_MOST, limit=300),
)
RESULT = Result(
    title="Letters",
    figures=(
        Figure(name="letters", unit="letters/s", values=(110, 120.4, 95), floor_values=(600, 602, 600)),
        Figure(name="memory", unit="MB", values=(312.5,)),
    ),
    notes=("One letter is one file.",),
)
MACHINE = Machine(processor="Abacus 9", cores=2, memory_gib=7.5, system="Debian", python="CPython 3.13.0", typst="0.15")


class Stub:
    name = "letters"
    goal = GOALS

    def __init__(self) -> None:
        self.runs: list[bool] = []

    def run(self, *, quick: bool) -> Result:
        self.runs.append(quick)
        return RESULT


def run(*, others_share: float = 0.0, quick: bool = False) -> report.Run:
    return report.Run(
        day=date(2026, 11, 25),
        machine=MACHINE,
        others_share=others_share,
        quick=quick,
        measured=((RESULT, GOALS),),
    )


def test_the_page_says_of_every_goal_whether_it_is_met() -> None:
    page = report.page(run())
    assert (
        "| letters | 110 letters/s (best 120) | 600 | 0.18 | ≥ 100 letters/s<br>≥ 0.2 of floor | met<br>**not met** |"
        in page
    )
    assert "| memory | 312 MB |  |  | ≤ 300 MB | **not met** |" in page
    assert "One letter is one file." in page


def test_the_page_names_the_machine_and_the_day() -> None:
    page = report.page(run())
    for fact in ("Abacus 9, 2 cores", "7.5 GiB", "Debian", "CPython 3.13.0", "0.15", "2026-11-25"):
        assert fact in page


def test_the_page_says_when_the_machine_was_busy() -> None:
    assert "was busy" not in report.page(run(others_share=0.02))
    assert "was busy" in report.page(run(others_share=0.31))
    assert "31% of the processor time" in report.page(run(others_share=0.31))


def test_the_page_says_when_the_run_was_a_quick_one() -> None:
    assert "quick run" not in report.page(run())
    assert "quick run" in report.page(run(quick=True))


def test_the_machine_is_told_without_its_name_or_paths() -> None:
    machine = this_machine()
    assert machine.cores >= 1
    assert machine.memory_gib > 0
    told = repr(machine)
    assert str(Path.home()) not in told
    assert "/" not in machine.system.replace("GNU/Linux", "")


def test_what_others_used_is_a_share() -> None:
    assert 0 <= OthersWatch().share() <= 1


def test_the_command_runs_what_is_named_and_writes_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stub = Stub()
    monkeypatch.setitem(command._BY_NAME, "interest", stub)
    page = tmp_path / "performance.md"
    outcome = CliRunner().invoke(command.main, ["interest", "interest", "--quick", "--write", str(page)])
    assert outcome.exit_code == 0, outcome.output
    assert stub.runs == [True]  # named twice, measured once
    assert "goal ≥ 100 letters/s: met" in outcome.stdout
    assert "quick run" in page.read_text(encoding="utf-8")
