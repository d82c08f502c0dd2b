"""Which characters a letter can have, and that a name is text: it is printed as it is written or refused by name."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from fontTools.ttLib import TTFont
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pikepdf import Pdf

from punktlig.core.invoice import InvoiceLine
from punktlig.core.letter.content import Labelled
from punktlig.letters.printable import CharacterNotCovered, is_plain, refuse_unprintable
from punktlig.letters.typeface import FONTS, sans, serif
from tests.core.invented import ADDRESS, BUYER, INVOICE, invoice
from tests.core.invented import facts as facts_of
from tests.letters.paper import glyphs, page_count, without_spaces, words
from tests.letters.stretched import ORDINARY, addressed_to, for_debt, from_creditor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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


@pytest.mark.parametrize(
    ("changes", "debt_text", "fields"),
    [
        ({"buyer": replace(BUYER, name="Anna \N{GRINNING FACE}")}, "", ("recipient",)),
        ({"buyer": replace(BUYER, address=replace(ADDRESS, lines=("Gata \N{GRINNING FACE}",)))}, "", ("recipient",)),
        ({"number": "1\N{GRINNING FACE}"}, "", ("heading",)),
        ({"seller": replace(INVOICE.seller, name="Lillsjöns \N{GRINNING FACE}")}, "", ("heading",)),
        ({}, "Tack \N{GRINNING FACE}", ("lead",)),
        ({"lines": (InvoiceLine(text="Tack \N{GRINNING FACE}"),)}, " .", ("details",)),
        ({"lines": (InvoiceLine(text="Tack \N{GRINNING FACE}"),)}, "Snickeri", ()),
        ({"buyer": replace(BUYER, name="Zoe\u0308 \u200bЖанна Ωμέγα Nguyễn")}, "", ()),
    ],
    ids=str,
)
def test_what_could_not_be_printed_is_known_before_there_is_a_letter(
    changes: dict[str, Any], debt_text: str, fields: tuple[str, ...]
) -> None:
    facts = facts_of(invoice(**changes))
    if not fields:
        refuse_unprintable(facts, debt_text)
        return
    with pytest.raises(CharacterNotCovered) as refused:
        refuse_unprintable(facts, debt_text)
    assert refused.value.facts() == {"characters": ("U+1F600 GRINNING FACE",), "fields": fields}


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


_LIGATURE, _CHAINED_COVERAGE, _MARK = 4, (6, 3), 3  # kinds of rules and of glyphs in OpenType


def joined(font: TTFont) -> Iterator[list[set[str]]]:
    """Yield each rule of a font's `ccmp` as the glyphs that may stand at each of its places."""
    table = font["GSUB"].table
    features = [each.Feature for each in table.FeatureList.FeatureRecord if each.FeatureTag == "ccmp"]
    for number in {number for feature in features for number in feature.LookupListIndex}:
        for rule in table.LookupList.Lookup[number].SubTable:
            if rule.LookupType == _LIGATURE:
                for first, ligatures in rule.ligatures.items():
                    yield from ([{glyph} for glyph in (first, *each.Component)] for each in ligatures)
            else:
                assert (rule.LookupType, rule.Format) == _CHAINED_COVERAGE
                places = (*rule.BacktrackCoverage, *rule.InputCoverage, *rule.LookAheadCoverage)
                yield [set(place.glyphs) for place in places]


@pytest.mark.parametrize("path", sorted(FONTS.glob("*/*.ttf")), ids=lambda path: path.stem)
def test_the_fonts_have_no_rule_for_joining_plain_characters(path: Path) -> None:
    with TTFont(path) as font:
        plain = {glyph for code, glyph in font.getBestCmap().items() if is_plain(json.dumps(chr(code)))}
        assert len(plain) > len("Svenska namn är skrivna med sådana tecken och vanliga skiljetecken.")
        assert {font["GDEF"].table.GlyphClassDef.classDefs.get(glyph) for glyph in plain} & {_MARK} == set()
        rules = list(joined(font))
        assert rules
        assert [rule for rule in rules if all(places & plain for places in rule)] == []


@pytest.mark.parametrize(
    ("name", "plain"), [("Åsa Đurić–Yılmaz", True), ("Marcel·lí", False), ("Ǩâʹddniõđđ", False), ("Їжакевич", False)]
)
def test_a_letter_is_plain_when_no_character_may_join_another(name: str, plain: bool) -> None:
    assert is_plain(json.dumps(name)) == plain


@pytest.mark.parametrize(("name", "looks_alike"), [("Åsa Đurić–Yılmaz", True), ("Q\u0307arin", False)])
def test_a_letter_is_drawn_without_the_rules_only_when_it_looks_alike(
    name: str, looks_alike: bool, renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = []
    for plain in (True, False):
        monkeypatch.setattr("punktlig.letters.renderer.is_plain", lambda _json, plain=plain: plain)
        pictures.append(renderer.png(addressed_to(name)))
    assert (pictures[0] == pictures[1]) == looks_alike
    monkeypatch.undo()
    assert renderer.png(addressed_to(name)) == pictures[1]


def test_the_no_break_space_is_a_character_of_its_own_in_the_file(renderer: Renderer) -> None:
    # A glyph shared with the space would need a note at each place that tells which of the two is meant.
    with Pdf.open(BytesIO(renderer.pdf(ORDINARY))) as letter:
        drawn = b"".join(page.Contents.read_bytes() for page in letter.pages)
    assert b"/ActualText( )" not in drawn
    assert b"/ActualText<FEFF00A0>" not in drawn
