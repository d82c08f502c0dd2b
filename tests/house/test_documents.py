"""A document that names what is not there misleads whoever trusts it most: the newcomer."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import pytest

from tests.house import documents
from tests.house.repository import PACKAGE, ROOT, modules_of, shown, tracked_files

if TYPE_CHECKING:
    from pathlib import Path

_ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
_LAW = (ROOT / "docs" / "law.md").read_text("utf-8")
_GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8")
_MAPPING = "Section, function, test"


@pytest.mark.parametrize("document", documents.documents(), ids=shown)
def test_every_link_leads_somewhere(document: Path) -> None:
    assert documents.broken_links(document.read_text("utf-8"), document) == []


# The table of samples names files as they are called where they come from.
@pytest.mark.parametrize("document", [page for page in documents.documents() if "samples" not in page.parts], ids=shown)
def test_every_name_file_and_test_that_a_document_names_exists(document: Path) -> None:
    assert documents.false_names(document.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "link", ["nowhere.md", "README.md#no-such-heading", "#no-such-heading", "docs/../../outside.md"]
)
def test_a_broken_link_would_be_found(link: str) -> None:
    assert documents.broken_links(f"# One heading\n[text]({link})", ROOT / "page.md") == [link]


@pytest.mark.parametrize("link", ["LICENSE", "#one-heading", "https://example.com/page", "docs/glossary.md#traps"])
def test_a_link_that_leads_is_left_alone(link: str) -> None:
    assert documents.broken_links(f"# One `heading`\n[text]({link})", ROOT / "page.md") == []


@pytest.mark.parametrize(
    "name",
    [
        "core.money.Mony",
        "core.nothing",
        "core.reminder.Reminder.sum",
        "core.parties.DebtorKind.CHURCH",
        "core/statute/",
        "tests/core/test_nothing.py",
        "tests/house/test_documents.py::test_that_nobody_wrote",
    ],
)
def test_a_false_name_would_be_found(name: str) -> None:
    assert documents.false_names(f"See `{name}`.") == [name]


@pytest.mark.parametrize(
    "name",
    [
        "core.money.Money",
        "core.reminder.Reminder.total",
        "core.reminder.Reminder.growth",
        "core.parties.DebtorKind.CONSUMER",
        "core/statutes/",
        "tests/house/test_documents.py::test_a_false_name_would_be_found",
        "make test",
    ],
)
def test_a_true_name_is_left_alone(name: str) -> None:
    assert documents.false_names(f"See `{name}`.") == []


def test_each_swedish_word_stands_once_in_the_glossary() -> None:
    words = [row[0] for row in _glossary_rows()]
    assert words
    assert sorted(words) == sorted(set(words))


def test_each_english_term_stands_once_in_the_glossary() -> None:
    terms = [term.strip() for row in _glossary_rows() for term in re.split(r"[,;:]", row[1])[:1]]
    assert sorted(terms) == sorted(set(terms))


def test_every_row_that_maps_the_law_names_a_function_and_a_test() -> None:
    rows = documents.table_rows(_LAW, _MAPPING)
    assert rows
    lacking = [
        row[0] for row in rows if ("`core." not in row[2] and "`formats." not in row[2]) or "`tests/" not in row[3]
    ]
    assert lacking == []


def test_every_act_that_the_rules_cite_stands_in_the_document_about_the_law() -> None:
    cited = {
        number
        for module in modules_of("core", "formats")
        for number in re.findall(r"\bAct (?:on [A-Z][\w ]+ )?\(?(\d{4}:\d+)", module.read_text("utf-8"))
    }
    assert cited
    assert {number for number in cited if number not in _LAW} == set()


def test_every_open_question_of_the_law_says_what_we_do_meanwhile() -> None:
    rows = documents.table_rows(_LAW, "Open questions")
    assert rows
    assert all(len(row) == 3 and all(row) for row in rows)


def test_every_folder_of_the_package_has_its_line_in_the_picture_of_the_house() -> None:
    folders = {shown(path.parent) for path in PACKAGE.rglob("__init__.py") if path.parent != PACKAGE}
    assert folders <= _pictured().keys()


def test_every_top_folder_with_files_has_its_line_in_the_picture_of_the_house() -> None:
    tops = {shown(path).split("/")[0] for path in tracked_files() if "/" in shown(path)}
    assert {top for top in tops if not top.startswith(".")} <= {name.split("/")[0] for name in _pictured()}


def test_the_picture_shows_what_is_there_and_marks_what_is_planned() -> None:
    wrong = {name for name, planned in _pictured().items() if planned == (ROOT / name).is_dir()}
    assert wrong == set()


def test_every_import_contract_is_explained() -> None:
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    assert {contract["id"] for contract in linter["contracts"] if f"`{contract['id']}`" not in _ARCHITECTURE} == set()


def test_every_decision_stands_in_the_list_with_the_four_questions_answered() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    index = (ROOT / "docs" / "decisions" / "README.md").read_text("utf-8")
    assert [page.name[:4] for page in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    for page in pages:
        text = page.read_text("utf-8")
        assert f"]({page.name})" in index
        for question in ("Context.", "Decision.", "Consequences.", "What we gave up."):
            assert f"**{question}**" in text, f"{page.name}: {question}"


def _glossary_rows() -> list[list[str]]:
    headings = re.findall(r"^## (.+)$", _GLOSSARY, re.MULTILINE)
    return [row for heading in headings for row in documents.table_rows(_GLOSSARY, heading)]


def _pictured() -> dict[str, bool]:
    """Return every folder in the picture of the house, and whether it is only planned."""
    picture = _ARCHITECTURE.partition("## The house")[2].split("```")[1]
    found: dict[str, bool] = {}
    parents: list[str] = []
    for line in filter(str.strip, picture.splitlines()):
        name, _, about = line.strip().partition(" ")
        depth = (len(line) - len(line.lstrip())) // 2
        parents[depth:] = [name]
        found["".join(parents).rstrip("/")] = about.strip().startswith("(planned)")
    return found
