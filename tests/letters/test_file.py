"""The file itself: archival, accessible, and the same bytes whoever makes it, wherever and whenever."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest

from punktlig.letters import renderer as module
from punktlig.letters.printable import CharacterNotCovered
from punktlig.letters.renderer import Renderer, TemplateIsUnknown, render_letter
from tests.core.letter.cases import CASES
from tests.letters.stretched import ABROAD, ORDINARY, addressed_to, with_periods

if TYPE_CHECKING:
    from collections.abc import Iterator

    from punktlig.core.letter.content import LetterContent

_IN_ANOTHER_PROCESS = """
import hashlib, sys
from punktlig.core.letter.content import LetterContent
from punktlig.letters.renderer import render_letter
for line in sys.stdin.buffer:
    print(hashlib.sha256(render_letter(LetterContent.from_json(line.decode()))).hexdigest())
"""

_READ = """
import hashlib, os, sys, warnings
from punktlig.core.letter.content import LetterContent
from punktlig.letters.renderer import ForkedAfterALetter, Renderer
letter = LetterContent.from_json(sys.stdin.read())
renderer = Renderer()
# Python warns of every fork beside threads; here that is what is tried.
warnings.simplefilter("ignore")
"""

_FORKED_AFTER_A_LETTER = f"""{_READ}
before = renderer.pdf(letter)
child = os.fork()
if child == 0:
    try:
        renderer.pdf(letter)
    except ForkedAfterALetter:
        print("child: ForkedAfterALetter", flush=True)
    os._exit(0)
os.waitpid(child, 0)
print("parent:", "the same letter" if renderer.pdf(letter) == before else "another letter")
"""

_FORKED_BEFORE_A_LETTER = f"""{_READ}
child = os.fork()
line = hashlib.sha256(renderer.pdf(letter)).hexdigest()
if child == 0:
    print(line, flush=True)
    os._exit(0)
os.waitpid(child, 0)
print(line)
"""

_FORKS = pytest.mark.skipif(not hasattr(os, "fork"), reason="only where processes can be forked")
_SOURCES = Path(module.__file__).parents[2]


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(pdf))


def structure(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Yield the structure elements below one, in reading order."""
    below = element.get("/K")
    children = list(below) if isinstance(below, pikepdf.Array) else [below]
    for child in children:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from structure(child)


@pytest.mark.parametrize("name", CASES)
def test_the_file_says_that_it_is_pdf_a_2a_and_pdf_ua_1(name: str, renderer: Renderer) -> None:
    content = CASES[name].content()
    with opened(renderer.pdf(content)) as pdf, pdf.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == content.title
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == {"sv": "sv-SE", "en": "en-GB"}[content.language]
        assert pdf.docinfo["/Author"] == content.author


def test_the_structure_has_headings_tables_with_heads_and_words_for_the_code(renderer: Renderer) -> None:
    with opened(renderer.pdf(ORDINARY)) as pdf:
        found = [*structure(pdf.Root.StructTreeRoot)]
        kinds = [str(each.S) for each in found]
        assert kinds.count("/H1") == 1
        assert kinds.count("/H2") == 2 + len(ORDINARY.help)  # how to pay, how interest is counted
        assert kinds.count("/Table") == 2
        assert kinds.count("/TH") == 2 + len(ORDINARY.details[0].columns)
        (figure,) = [each for each in found if each.S == "/Figure"]
        for each in (ORDINARY.payment.amount, ORDINARY.payment.last_day, *ORDINARY.payment.fields):
            assert f"{each.label} {each.value}" in str(figure.Alt)


@pytest.mark.parametrize("content", [ORDINARY, ABROAD, with_periods(40)], ids=["ordinary", "abroad", "two pages"])
def test_all_fonts_are_embedded_and_shipped_with_the_program(content: LetterContent, renderer: Renderer) -> None:
    names = set()
    with opened(renderer.pdf(content)) as pdf:
        for font in (each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/FontName" in each):
            assert "/FontFile2" in font
            names.add(str(font.FontName).partition("+")[2])
    assert names == {"PunktligSans-Regular", "PunktligSans-Semibold", "PunktligSerif-Semibold"}


def test_the_only_moment_in_the_file_is_the_date_of_the_letter(renderer: Renderer) -> None:
    with opened(renderer.pdf(replace(ORDINARY, date=date(2024, 2, 29)))) as pdf:
        moments = {str(value) for key, value in pdf.docinfo.items() if key.endswith("Date")}
        assert moments == {"D:20240229000000Z"}


def test_another_process_clock_time_zone_and_locale_make_the_same_bytes(renderer: Renderer) -> None:
    letters = [case.content() for case in CASES.values()]
    here = [hashlib.sha256(renderer.pdf(letter)).hexdigest() for letter in letters]
    elsewhere = subprocess.run(
        [sys.executable, "-c", _IN_ANOTHER_PROCESS],
        input="\n".join(letter.to_json() for letter in letters).encode(),
        capture_output=True,
        check=True,
        cwd="/",
        env=os.environ
        | {
            "TZ": "Pacific/Kiritimati",
            "LC_ALL": "C",
            "PYTHONHASHSEED": "4711",
            "PYTHONUTF8": "1",
            "SOURCE_DATE_EPOCH": "86400",
            "RAYON_NUM_THREADS": "1",
            "PYTHONPATH": str(_SOURCES),
        },
    )
    assert elsewhere.stdout.decode().split() == here


def test_the_bytes_do_not_depend_on_the_letters_made_before() -> None:
    fresh = Renderer().pdf(ORDINARY)
    used = Renderer()
    for content in (ABROAD, with_periods(41), addressed_to("Anna Ek", "123 45 Ekviken"), ORDINARY):
        last = used.pdf(content)
    assert last == fresh == render_letter(ORDINARY)


def test_threads_each_have_their_own_renderer() -> None:
    letters = [addressed_to(f"Anna {n}", "123 45 Ekviken") for n in range(8)]
    expected = [render_letter(letter) for letter in letters]
    made: dict[int, bytes] = {}

    def make(n: int) -> None:
        made[n] = render_letter(letters[n])

    threads = [threading.Thread(target=make, args=(n,)) for n in range(len(letters))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [made[n] for n in range(len(letters))] == expected


@_FORKS
def test_a_fork_after_a_letter_is_told_so_instead_of_waiting_for_ever() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _FORKED_AFTER_A_LETTER],
        input=ORDINARY.to_json().encode(),
        capture_output=True,
        check=True,
        timeout=60,
        env=os.environ | {"PYTHONUTF8": "1", "PYTHONPATH": str(_SOURCES)},
    )
    assert done.stdout.decode().splitlines() == ["child: ForkedAfterALetter", "parent: the same letter"]


@_FORKS
def test_a_fork_before_the_first_letter_draws_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _FORKED_BEFORE_A_LETTER],
        input=ORDINARY.to_json().encode(),
        capture_output=True,
        check=True,
        timeout=60,
        env=os.environ | {"PYTHONUTF8": "1", "PYTHONPATH": str(_SOURCES)},
    )
    assert done.stdout.decode().splitlines() == [hashlib.sha256(render_letter(ORDINARY)).hexdigest()] * 2


def test_a_refused_letter_does_not_spoil_the_next(renderer: Renderer) -> None:
    before = renderer.pdf(ORDINARY)
    with pytest.raises(CharacterNotCovered):
        renderer.pdf(addressed_to("漢"))
    assert renderer.pdf(ORDINARY) == before


def test_a_letter_for_an_unknown_template_is_refused_by_its_name(renderer: Renderer) -> None:
    with pytest.raises(TemplateIsUnknown) as refused:
        renderer.pdf(replace(ORDINARY, template="reminder-0"))
    assert refused.value.facts() == {"template": "reminder-0"}


def test_every_page_has_its_picture(renderer: Renderer) -> None:
    pictures = renderer.png(with_periods(40), ppi=36)
    assert len(pictures) == 2
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)


def test_the_test_page_differs_from_the_letter_by_the_envelope(renderer: Renderer) -> None:
    assert renderer.test_page(ORDINARY, ppi=36) != renderer.png(ORDINARY, ppi=36)
