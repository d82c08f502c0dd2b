"""What pages are made of: every text can be translated, nothing is written past the escaping, nothing is inline."""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import TYPE_CHECKING

import pytest

from tests.house.repository import PACKAGE, shown, tree_of

if TYPE_CHECKING:
    from pathlib import Path

_PAGES = sorted(PACKAGE.glob("**/templates/**/*.html"))
# Each agreement was worded once in each language and never changes; it is chosen as a whole.
_TERMS = re.compile(r"/terms/\d{4}-\d+\.(?:sv|en)\.html$")
# The sheet of parts is for whoever makes pages, and in the demo only.
_SHEET = PACKAGE / "ui" / "templates" / "ui" / "sheet.html"
# Help texts are written by us in forms; some of them hold a link.
_UNESCAPED_ALLOWED = {"src/punktlig/ui/templates/ui/forms/field.html": {"field.help_text|safe"}}
# Names, and marks that are the same in both languages.
_SAME_IN_BOTH = {"Punktlig", "OCR", "Svenska", "English", "PDF", "SHA", "API", "kr", "v"}

_COMMENTS = re.compile(r"{#.*?#}|{%\s*comment.*?%}.*?{%\s*endcomment\s*%}|<!--.*?-->", re.DOTALL)
_TRANSLATED = re.compile(r"{%\s*blocktranslate\b.*?%}.*?{%\s*endblocktranslate\s*%}", re.DOTALL)
_TAGS = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
_ELEMENT = re.compile(r"<[^<>]*>", re.DOTALL)
_READ_ALOUD = re.compile(r"\b(?:aria-label|aria-description|title|placeholder|alt|data-word)=\"([^\"]*)\"")
_WORD = re.compile(r"[A-Za-zÅÄÖåäöé]+")
_UNESCAPED = re.compile(r"[\w.]+\|(?:\w+\|)*safe\b|{%\s*autoescape\s+off|\|safeseq\b")
_INLINE = re.compile(
    r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|<script\b(?![^>]*\bsrc=)|\shx-on\b|\shx-vals\s*=\s*[\"']js:"
)


@cache
def text_of(page: Path) -> str:
    return _COMMENTS.sub("", page.read_text("utf-8"))


def untranslated(template: str) -> set[str]:
    """Return the words that people would read in every language alike."""
    bare = _TAGS.sub("", _TRANSLATED.sub("", _COMMENTS.sub("", template)))
    said = [*_READ_ALOUD.findall(bare), _ELEMENT.sub(" ", bare)]
    words = {word for text in said for word in _WORD.findall(re.sub(r"&\w+;", " ", text))}
    return words - _SAME_IN_BOTH


def inline(template: str) -> list[str]:
    """Return what the content security policy would stop: styles, scripts and handlers in the page itself."""
    return [match[0].strip() for match in _INLINE.finditer(template)]


def test_there_are_pages_of_both_sites() -> None:
    assert {page.relative_to(PACKAGE).parts[0] for page in _PAGES} >= {"agency", "receivables", "ui"}


@pytest.mark.parametrize(
    "page", [page for page in _PAGES if page != _SHEET and not _TERMS.search(shown(page))], ids=shown
)
def test_every_text_of_a_page_can_be_translated(page: Path) -> None:
    assert untranslated(text_of(page)) == set()


@pytest.mark.parametrize("page", _PAGES, ids=shown)
def test_nothing_is_inline_that_the_policy_would_stop(page: Path) -> None:
    assert inline(text_of(page)) == []


def test_nothing_is_written_past_the_escaping_but_what_we_wrote_ourselves() -> None:
    found = {shown(page): set(_UNESCAPED.findall(text_of(page))) for page in _PAGES if _UNESCAPED.search(text_of(page))}
    assert found == _UNESCAPED_ALLOWED


def test_every_agreement_is_there_in_both_languages() -> None:
    names = {page.name for page in _PAGES if _TERMS.search(shown(page))}
    assert names
    assert {name.replace(".sv.", ".en.") for name in names} | {name.replace(".en.", ".sv.") for name in names} == names


def markings(tree: ast.AST) -> list[str]:
    """Return where a program calls a text safe although part of it may come from somebody else."""
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="mark_safe" | "SafeString") | ast.Attribute(attr="mark_safe")):
                found.append(f"{node.lineno}: marked safe")
            # format_html escapes what is filled in, so its pattern must be ours.
            case ast.Call(func=ast.Name(id="format_html"), args=[first, *_]) if not isinstance(first, ast.Constant):
                found.append(f"{node.lineno}: a pattern that is not a literal")
            case ast.Call(func=ast.Attribute(attr="extra" | "raw"), args=[first, *_]) if not _is_ours(first):
                found.append(f"{node.lineno}: a statement that is not a constant")
            case ast.Name(id="RawSQL"):
                found.append(f"{node.lineno}: RawSQL")
            case _:
                pass
    return found


def _is_ours(node: ast.expr) -> bool:
    """Tell whether an expression is a literal or a constant of the module."""
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id.isupper())


@pytest.mark.parametrize(
    "module",
    [path for site in ("agency", "receivables", "ui", "tenancy") for path in sorted((PACKAGE / site).rglob("*.py"))],
    ids=shown,
)
def test_no_program_calls_somebody_elses_text_safe(module: Path) -> None:
    assert markings(tree_of(module)) == []


@pytest.mark.parametrize(
    "template",
    [
        "<p>Betala</p>",
        '<a aria-label="Betala">{{ icon }}</a>',
        "{% if paid %}Betald{% endif %}",
        '<h1>{% translate "Faktura" %} nummer</h1>',
    ],
)
def test_a_text_that_cannot_be_translated_would_be_found(template: str) -> None:
    assert untranslated(template)


@pytest.mark.parametrize(
    "template",
    [
        '<p class="quiet">{% translate "Betala" %} {{ amount }}&nbsp;kr</p>',
        "{% blocktranslate %}Betala <b>nu</b>{% endblocktranslate %}",
        "{# Betala #}<!-- Betala -->",
        "{% comment %}Betala{% endcomment %}",
    ],
)
def test_a_text_that_can_be_translated_is_left_alone(template: str) -> None:
    assert untranslated(template) == set()


@pytest.mark.parametrize(
    "template",
    [
        '<p style="color: red">',
        "<style>p { color: red }</style>",
        "<script>go()</script>",
        '<button onclick="go()">',
        '<a href="javascript:go()">',
    ],
)
def test_something_inline_would_be_found(template: str) -> None:
    assert inline(template)


@pytest.mark.parametrize("template", ['<script type="module" src="/static/a.js"></script>', '<p class="on style">'])
def test_a_file_of_ours_is_left_alone(template: str) -> None:
    assert inline(template) == []


@pytest.mark.parametrize(
    "code",
    [
        "from django.utils.safestring import mark_safe\nshown = mark_safe(name)",
        "shown = format_html(pattern, name)",
        "found = Claim.objects.raw(f'SELECT {name}')",
        "found = invoices.extra([name])",
    ],
)
def test_a_text_called_safe_would_be_found(code: str) -> None:
    assert markings(ast.parse(code))


def test_a_pattern_of_ours_is_left_alone() -> None:
    code = "shown = format_html('<b>{}</b>', name)\nfound = Claim.objects.raw(_KNOWN_CLAIMS, [name])"
    assert markings(ast.parse(code)) == []
