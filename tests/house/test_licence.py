"""The licence is whole and exact, and what others have made is named with its own."""

from __future__ import annotations

import hashlib
import re
import tomllib

from tests.house.repository import ROOT, shown, tracked_files

_LICENCE = (ROOT / "LICENSE").read_text("utf-8")
_NOTICE = (ROOT / "NOTICE").read_text("utf-8")

# Of the text without white space, as published for EUPL-1.2 in the list of SPDX licences.
_SHA256 = "fd5f5f818c2513007514ce061e79dcdaca59920da090d81368bddc0fa386d6b0"


def test_the_licence_has_all_articles_and_the_list_of_compatible_licences() -> None:
    articles = re.findall(r"^(\d+)\. [A-Z]", _LICENCE, re.MULTILINE)
    assert articles == [str(number) for number in range(1, 16)]
    assert _LICENCE.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
    assert "GNU Affero General Public License (AGPL) v. 3" in _LICENCE.partition("\nAppendix\n")[2]


def test_the_licence_is_word_for_word_as_published() -> None:
    assert hashlib.sha256("".join(_LICENCE.split()).encode()).hexdigest() == _SHA256


def test_the_package_says_the_same_licence() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["license"] == "EUPL-1.2"
    assert "LICENSE" in project["license-files"]


def test_every_font_comes_with_its_licence_and_is_named_in_the_notice() -> None:
    fonts = [path for path in tracked_files() if path.suffix in (".ttf", ".otf", ".woff2")]
    assert fonts
    for font in fonts:
        licence = next(path for path in font.parent.iterdir() if path.name.startswith(("LICENSE", "OFL")))
        assert "SIL OPEN FONT LICENSE Version 1.1" in licence.read_text("utf-8")
        assert shown(font.parent) in _NOTICE


def test_every_package_that_runs_is_named_in_the_notice() -> None:
    locked = re.findall(r"^([a-z0-9._-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)
    assert locked
    assert [name for name in locked if not re.search(rf"\b{name} \(", _NOTICE)] == []
