"""Gathers every Swedish text of the pages into the English catalogue, and compiles what the program reads.

Babel reads Python but knows no Django templates, and Django's own `makemessages` needs the GNU programs, which are not
everywhere. So a template is first turned into something like Python by Django's `templatize`, and Babel reads that.

`script/messages` updates ui/locale/en/LC_MESSAGES/django.po and compiles both languages; `--check` only tells.
"""

from __future__ import annotations

import io
import re
import sys
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PACKAGE = Path(__file__).parents[1]
LOCALE = PACKAGE / "ui" / "locale"
LANGUAGES = ("en", "sv")
_FLOORS = ("ui", "tenancy", "receivables", "agency")
_KEYWORDS: Mapping[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_HEADERS: Mapping[str, str] = {
    "en": "# The texts of the pages in English. `script/messages` gathers the Swedish; the English is written here.",
    "sv": "# Texts of libraries that we say in other words than they do in Swedish.",
}
_NO_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
# A string is kept; white space other than a space or a line's end, such as a no-break space, is no Python.
_STRING_OR_SPACE = re.compile(r"""(u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*")|[^\S\n ]""")


def texts() -> Catalog:
    """Return every text of the pages, each with the files it is in."""
    found = Catalog(charset="utf-8")
    for path in _sources():
        for text, context, comments in _texts_of(path):
            found.add(text, context=context, locations=[(str(path.relative_to(PACKAGE)), 0)], auto_comments=comments)
    return found


def texts_to_say_in_english() -> Catalog:
    """Return our own texts, and those of libraries that we say in other words: what is ours in one is in both."""
    wanted = texts()
    for message in read("sv"):
        if message.id:
            wanted.add(message.id, context=message.context)
    return wanted


def updated(language: str) -> bytes:
    """Return the language's catalogue as it should be: today's texts in order, with the translations it has."""
    catalogue = read(language)
    if language == "en":
        catalogue.update(texts_to_say_in_english(), no_fuzzy_matching=True)
        catalogue.obsolete.clear()
    catalogue.fuzzy = False
    written = io.BytesIO()
    write_po(written, catalogue, width=0, sort_output=True, include_lineno=False, omit_header=False)
    # What else Babel puts in the header differs each time, or tells nothing that the repository does not.
    return re.sub(
        rb'"(?:Project-Id-Version|Report-Msgid-Bugs-To|Last-Translator|Language-Team|POT-Creation-Date'
        rb"|PO-Revision-Date|Generated-By): .*\n",
        b"",
        written.getvalue(),
    )


def compiled(language: str) -> bytes:
    """Return the compiled form of the language's catalogue as it lies there."""
    written = io.BytesIO()
    write_mo(written, read(language))
    return written.getvalue()


def read(language: str) -> Catalog:
    """Return the language's catalogue, empty when there is none yet."""
    path = po_file(language)
    if path.exists():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
    else:
        catalogue = Catalog(locale=language, charset="utf-8")
    # Compiling writes the moment into the file; the same texts should give the same bytes.
    catalogue.header_comment = _HEADERS[language]
    catalogue.creation_date = catalogue.revision_date = _NO_MOMENT
    return catalogue


def po_file(language: str) -> Path:
    """Return where the catalogue lies."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def untranslated(catalogue: Catalog) -> list[str]:
    """Return the texts without a translation, in the order of the catalogue."""
    return [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue
        if message.id and not (all(message.string) if isinstance(message.string, tuple) else message.string)
    ]


def _sources() -> Iterator[Path]:
    for floor in _FLOORS:
        for path in sorted((PACKAGE / floor).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts and path.is_file():
                yield path


def _texts_of(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None, list[str]]]:
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of comments for translators that stand in an odd place
            source = templatize(source, origin=str(path))
        source = _STRING_OR_SPACE.sub(lambda found: found[1] or " ", source)
        source = "\n".join(line.strip() for line in source.splitlines())
    for _line, text, comments, context in extract("python", io.BytesIO(source.encode()), _KEYWORDS):
        yield text, context, comments


def main(arguments: Sequence[str]) -> int:
    """Update and compile, or with --check say what would change; 1 when something would."""
    stale: list[str] = []
    for language in LANGUAGES:
        po = po_file(language)
        mo = po.with_suffix(".mo")
        for path, make in ((po, updated), (mo, compiled)):
            content = make(language)
            if path.exists() and path.read_bytes() == content:
                continue
            stale.append(str(path.relative_to(PACKAGE.parents[1])))
            if "--check" not in arguments:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
    missing = untranslated(read("en"))
    sys.stdout.write("".join(f"{'stale' if '--check' in arguments else 'written'}: {name}\n" for name in stale))
    sys.stdout.write(f"{len(missing)} texts have no English yet\n")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
