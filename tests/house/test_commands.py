"""Every command of `punktlig` and every option of it has its place on the page of the command."""

from __future__ import annotations

import re

import click
import pytest

from punktlig.run.command import main
from tests.house.repository import ROOT

_PAGE = (ROOT / "docs" / "command.md").read_text("utf-8")
# Their options are many; `--help` lists them all, and the page explains those that need words.
_LISTED_BY_HELP = {"interest", "letter", "invoice"}


def section(name: str) -> str:
    """Return what the page says under the heading of a command, or nothing when there is none."""
    return _PAGE.partition(f"\n## {name}\n")[2].partition("\n## ")[0]


def options_of(command: click.Command) -> set[str]:
    return {max(option.opts, key=len) for option in command.params if isinstance(option, click.Option)}


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_has_its_section(name: str) -> None:
    assert section(name).strip()
    assert f"[{name}](#{name})" in _PAGE


@pytest.mark.parametrize("name", sorted(main.commands.keys() - _LISTED_BY_HELP))
def test_every_option_is_named(name: str) -> None:
    assert {option for option in options_of(main.commands[name]) if option not in section(name)} == set()


@pytest.mark.parametrize("name", sorted(main.commands))
def test_no_option_is_named_that_there_is_not(name: str) -> None:
    known = {option for command in main.commands.values() for option in options_of(command)} | options_of(main)
    named = set(re.findall(r"(?<=`)--[a-z-]+", section(name)))
    assert named - known - {"--help"} == set()


def test_no_section_is_left_of_a_command_that_is_gone() -> None:
    headings = set(re.findall(r"^## ([a-z-]+)$", _PAGE, re.MULTILINE))
    assert headings == set(main.commands)
