"""What the documents show of the command is what the command prints."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from punktlig.run.command import main
from tests.house import documents
from tests.house.repository import ROOT, shown

if TYPE_CHECKING:
    from pathlib import Path

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples_in(text: str) -> list[tuple[str, str]]:
    """Return (command, output) of the console blocks; `…` in an output stands for anything."""
    runs = (run for block in _BLOCK.findall(text) for run in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:])
    return [(command, output) for command, _, output in (run.partition("\n") for run in runs)]


def printed_by(command: str) -> str:
    """Return what a person sees in the terminal, and the exit status in brackets when it is not 0."""
    program, *arguments = shlex.split(command)
    assert program == "punktlig", f"only our own command is run: {command}"
    result = CliRunner().invoke(main, arguments, prog_name="punktlig")
    # No-break spaces hold amounts together; on a page they look like any space, and editors lose them.
    seen = result.output.replace("\u00a0", " ")
    return seen + (f"[{result.exit_code}]\n" if result.exit_code else "")


def matches(output: str, shown_output: str) -> bool:
    """Tell whether the output is as shown; a line of `…` stands for any lines, `…` in a line for any text."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == "…\n" else re.escape(line).replace("…", ".*")
        for line in shown_output.splitlines(keepends=True)
    )
    return re.fullmatch(pattern, output) is not None


_EXAMPLES = [
    pytest.param(command, output, id=f"{shown(page)}: {command[:60]}")
    for page in documents.documents()
    for command, output in examples_in(page.read_text("utf-8"))
]


@pytest.mark.parametrize(("command", "output"), _EXAMPLES)
def test_the_command_prints_what_the_documents_show(
    command: str, output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PUNKTLIG_LANGUAGE", raising=False)
    printed = printed_by(command)
    assert matches(printed, output), f"$ {command}\n{printed}"


def test_readme_and_the_page_of_the_command_have_examples() -> None:
    pages = {parameters.id.partition(":")[0] for parameters in _EXAMPLES if isinstance(parameters.id, str)}
    assert {"README.md", "docs/command.md"} <= pages


def test_a_wrong_example_would_be_found() -> None:
    ((command, output),) = examples_in("```console\n$ punktlig --version\npunktlig 1\n```\n")
    assert command == "punktlig --version"
    assert not matches("punktlig 2\n", output)
    assert not matches("a\nb\nd\n", "a\n…\nc\n")
    assert matches("a\nb\nc 1 x\n", "a\n…\nc … x\n")
