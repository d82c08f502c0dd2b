"""Which characters a letter can have, and that a name is text: it is printed as it is written or refused by name."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from punktlig.core.letter.content import Labelled
from punktlig.letters.printable import CharacterNotCovered
from punktlig.letters.typeface import sans, serif
from tests.letters.paper import glyphs, page_count, without_spaces, words
from tests.letters.stretched import ORDINARY, addressed_to, for_debt, from_creditor

if TYPE_CHECKING:
    from punktlig.letters.renderer import Renderer

_MARKUP = [
    "#set text(red)",
    "*bold* _italic_ `raw`",
    "$x^2$",
    '"]#panic()',
    "\\",
    '\\n \\u{1F600} \\"',
    '#panic("no")',
    "= Heading",
    "- item / term: x",
    "<label> @reference",
    "// not a comment",
    "/* nor this */",
    '#import "/etc/passwd"',
    "</svg><script>",
    "{{name}} %s {0}",
    "'; DROP TABLE claims; --",
]

SWEDISH = "ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖabcdefghijklmnopqrstuvwxyzåäöéü0123456789"
LATIN = "ÁÀÂÃĀĂĄÆÇĆČĎĐÉÈÊËĒĖĘĚĞÍÌÎÏĪĮİŁŃÑŇÓÒÔÕŐØŒŘŚŞŠȘŢŤȚÚÙÛÜŮŰŪÝŸŹŻŽÞßðþẞ"
SAMI = "ČčĐđŊŋŠšŦŧŽžÁáÂâ"
VIETNAMESE = "ĂÂÊÔƠƯĐắằẳẵặấầẩẫậếềểễệốồổỗộớờởỡợứừửữự"
GREEK = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰΆΈΉΊΌΎΏ"
CYRILLIC = (
    "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюяЂЃЄЅІЇЈЉЊЋЌЎЏҐђѓєѕіїјљњћќўџґӘҒҚҢӨҰҮҺәғқңөұүһ"
)
SIGNS = "–—−×·…§°%‰&@€£$/()[]{}\"'”“„’»«!?¡¿+=<>*#^~|_\\`´¨,.;:½¼¾²³№©®™"


@pytest.mark.parametrize("alphabet", [SWEDISH, LATIN, SAMI, VIETNAMESE, GREEK, CYRILLIC, SIGNS])
def test_the_fonts_have_the_letters_of_latin_greek_and_cyrillic_names(alphabet: str) -> None:
    assert [each for each in alphabet if each not in sans()] == []
    assert [each for each in alphabet if each not in serif()] == []


@pytest.mark.parametrize("alphabet", [SWEDISH, LATIN, SAMI, VIETNAMESE, GREEK, CYRILLIC, SIGNS])
def test_names_in_every_alphabet_are_printed_in_the_address_and_in_the_heading(
    alphabet: str, renderer: Renderer
) -> None:
    name = " ".join(alphabet[n : n + 20] for n in range(0, len(alphabet), 20))
    content = replace(from_creditor(name), recipient=(name, "123 45 Ekviken"))
    assert without_spaces(words(renderer.pdf(content))).count(without_spaces(name)) >= 3


@pytest.mark.parametrize("name", _MARKUP)
def test_a_name_is_text_and_never_markup(name: str, renderer: Renderer) -> None:
    for content in (addressed_to(name, "123 45 Ekviken"), from_creditor(name), for_debt(name)):
        pdf = renderer.pdf(content)
        assert without_spaces(name) in without_spaces(words(pdf))
        assert page_count(pdf) == 1


@settings(max_examples=40, deadline=None)
@given(name=st.text(st.sampled_from("\"\\#$*_`<>@/{}[]()'%&;:!?~^|=+-., \taÅ\u00a0"), min_size=1, max_size=30))
@example(name='\\"')
@example(name='")) #panic() //')
def test_no_string_of_signs_ends_the_literal_it_stands_in(name: str, renderer: Renderer) -> None:
    pdf = renderer.pdf(addressed_to(f"A{name}Z", "123 45 Ekviken"))
    assert without_spaces(f"A{name}Z") in without_spaces(words(pdf))


@pytest.mark.parametrize(
    ("name", "characters"),
    [
        ("Anna 😀 Ek", ("U+1F600 GRINNING FACE",)),
        ("דוד", ("U+05D3 HEBREW LETTER DALET", "U+05D5 HEBREW LETTER VAV")),
        ("محمد", ("U+0645 ARABIC LETTER MEEM", "U+062D ARABIC LETTER HAH", "U+062F ARABIC LETTER DAL")),
        ("王伟", ("U+738B CJK UNIFIED IDEOGRAPH-738B", "U+4F1F CJK UNIFIED IDEOGRAPH-4F1F")),
        (
            "Անի",
            (
                "U+0531 ARMENIAN CAPITAL LETTER AYB",
                "U+0576 ARMENIAN SMALL LETTER NOW",
                "U+056B ARMENIAN SMALL LETTER INI",
            ),
        ),
        ("A\u0007B", ("U+0007 (a character without a name)",)),
        ("A\ue000B", ("U+E000 (a character without a name)",)),
        ("A\U000f0000B", ("U+F0000 (a character without a name)",)),
        ("A\ufffdB", ("U+FFFD REPLACEMENT CHARACTER",)),
    ],
)
def test_a_character_that_no_font_has_is_refused_by_name_and_place(
    name: str, characters: tuple[str, ...], renderer: Renderer
) -> None:
    with pytest.raises(CharacterNotCovered) as refused:
        renderer.pdf(addressed_to("Anna Ek", name))
    assert refused.value.facts() == {"characters": characters, "fields": ("recipient",)}
    with pytest.raises(CharacterNotCovered):
        renderer.png(addressed_to("Anna Ek", name))


def test_every_field_that_has_such_a_character_is_named(renderer: Renderer) -> None:
    content = replace(
        ORDINARY,
        recipient=("漢", "123 45 Ekviken"),
        running="漢",
        contact=(Labelled("Telefon", "字"), *ORDINARY.contact[1:]),
        footer=(("漢", "字"), *ORDINARY.footer[1:]),
    )
    with pytest.raises(CharacterNotCovered) as refused:
        renderer.pdf(content)
    assert set(refused.value.fields) == {"recipient", "contact", "running", "footer"}
    assert len(refused.value.characters) == 2


@pytest.mark.parametrize(
    "name",
    [
        "Anna \u202eke",  # right-to-left override: would be read as "Anna ek"
        "Anna\u2066 ke\u2069",
        "\u200fAnna ke\u200e",
        "An\u200bna k\u00ade",
        "An\u200dna\ufe0f ke\ufeff",
    ],
)
def test_signs_that_only_steer_the_text_cannot_change_how_a_name_reads(name: str, renderer: Renderer) -> None:
    steered = renderer.pdf(addressed_to(name, "123 45 Ekviken"))
    assert steered == renderer.pdf(addressed_to("Anna ke", "123 45 Ekviken"))


def test_a_letter_is_the_same_however_its_marks_were_typed(renderer: Renderer) -> None:
    name = "Åsa Öbäck-Žižić Ứng"
    decomposed = unicodedata.normalize("NFD", name)
    assert decomposed != name
    assert renderer.pdf(addressed_to(decomposed, "Ö")) == renderer.pdf(addressed_to(name, "Ö"))


@pytest.mark.parametrize("name", ["Ӓльтемар", "Ǩâʹddniõđđ", "Ḑ"])
def test_a_letter_that_is_put_together_from_covered_parts_is_printed(name: str, renderer: Renderer) -> None:
    read = unicodedata.normalize("NFC", words(renderer.pdf(addressed_to(name, "123 45 Ekviken"))))
    assert unicodedata.normalize("NFC", name) in read


def test_a_line_feed_parts_lines_only_where_a_value_may_have_several(renderer: Renderer) -> None:
    contact = (Labelled("Adress", "Box 120\nÖstersund"), *ORDINARY.contact[1:])
    drawn = glyphs(renderer.pdf(replace(ORDINARY, contact=contact)))
    start = "".join(each.character for each in drawn).index("Box120Östersund")
    assert drawn[start + len("Box120")].top > drawn[start].bottom
    assert renderer.pdf(addressed_to("Anna\r\nEk", "a\tb\u2028c\u3000d")) == renderer.pdf(
        addressed_to("Anna Ek", "a b c d")
    )
