"""Who the agency is comes from a file, or is the demo's invented one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from punktlig.agency.records.identity import INVENTED, agency
from punktlig.core.refusal import Refusal
from punktlig.formats.agency_file import INVENTED_AGENCY

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings


def test_without_a_file_it_is_the_invented_agency_that_the_command_has_too() -> None:
    assert agency() == INVENTED_AGENCY


def test_the_settings_name_another(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "agency.toml"
    file.write_text(INVENTED.read_text("utf-8").replace("Ekviken Ombud AB", "Norrsken Ombud AB"), "utf-8")
    settings.AGENCY_FILE = str(file)
    assert agency().name == "Norrsken Ombud AB"


def test_a_file_that_cannot_be_printed_from_is_refused(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "agency.toml"
    file.write_text(INVENTED.read_text("utf-8").replace("5050-1055", "5050-1056"), "utf-8")
    settings.AGENCY_FILE = str(file)
    with pytest.raises(Refusal):
        agency()
