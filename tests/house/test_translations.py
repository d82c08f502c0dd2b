"""Every text of the pages has English, and the compiled catalogues are those of the text ones."""

from __future__ import annotations

import re

import pytest

from punktlig.ui import catalogue

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def forms_of(text: object) -> tuple[str, ...]:
    """Return singular and plural of a text that counts, else the text alone."""
    return tuple(map(str, text)) if isinstance(text, (tuple, list)) else (str(text or ""),)


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_the_compiled_catalogue_is_that_of_the_text(language: str) -> None:
    compiled = catalogue.po_file(language).with_suffix(".mo")
    assert compiled.read_bytes() == catalogue.compiled(language), "run script/messages"


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_a_translation_fills_in_the_same_values(language: str) -> None:
    for message in catalogue.read(language):
        for text, translated in zip(forms_of(message.id), forms_of(message.string), strict=False):
            if text and translated:
                assert set(_PLACEHOLDER.findall(translated)) == set(_PLACEHOLDER.findall(text)), text


def test_texts_are_found_in_templates_and_in_programs() -> None:
    found = {message.id: {place for place, _line in message.locations} for message in catalogue.texts() if message.id}
    assert "ui/templates/ui/parts/bulk_bar.html" in found["Avmarkera"]
    assert "ui/statuses.py" in found["Förfallen"]
    assert ("En uppgift behöver rättas", "%(faults)s uppgifter behöver rättas") in found


def test_every_text_has_english() -> None:
    written = catalogue.read("en")
    wanted = catalogue.texts_to_say_in_english()
    missing = [message.id for message in wanted if message.id and not written.get(message.id, message.context)]
    assert missing + catalogue.untranslated(written) == [], "run script/messages, and write the English"


def test_no_english_is_left_of_a_text_that_is_gone() -> None:
    found = {(message.id, message.context) for message in catalogue.texts_to_say_in_english()}
    written = catalogue.read("en")
    gone = [message.id for message in written if message.id and (message.id, message.context) not in found]
    assert gone + list(written.obsolete) == [], "run script/messages"


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_no_translation_is_a_guess(language: str) -> None:
    assert [message.id for message in catalogue.read(language) if message.id and message.fuzzy] == []


def test_an_english_text_ends_and_is_signed_as_the_swedish() -> None:
    """A sentence ends as a sentence and a label without a point; apostrophes and quotation marks are curly."""
    wrong = []
    for message in catalogue.read("en"):
        for text, english in zip(forms_of(message.id), forms_of(message.string), strict=False):
            ends = {sign: (text.endswith(sign), english.endswith(sign)) for sign in (".", ":", "?", " ")}
            if text and (any(here != there for here, there in ends.values()) or re.search(r"['!]|  |”[^“]*”", english)):
                wrong.append(text)
    assert wrong == []
