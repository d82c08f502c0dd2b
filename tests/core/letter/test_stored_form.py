"""A stored letter is read back exactly, or not at all."""

from __future__ import annotations

import json
from typing import Any

import pytest

from punktlig.core.letter.content import LetterContent
from punktlig.core.letter.stored_form import NotTheStoredForm
from tests.core.letter.cases import CASES

STORED = CASES["trader-lines-and-part-payments"].content().to_json()


def changed(*path: str | int, to: object) -> str:
    """Return the stored letter with the value at the path replaced."""
    data: Any = json.loads(STORED)
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return json.dumps(data)


@pytest.mark.parametrize("name", CASES)
def test_content_and_text_lead_to_each_other_exactly(name: str) -> None:
    content = CASES[name].content()
    text = content.to_json()
    assert LetterContent.from_json(text) == content
    assert LetterContent.from_json(text).to_json() == text


@pytest.mark.parametrize(
    ("text", "where", "reason"),
    [
        (changed("date", to=20261123), "LetterContent.date", "20261123 is not a date"),
        (changed("date", to="20261123"), "LetterContent.date", "is not a date as 2026-11-23"),
        (changed("date", to="2026-02-30"), "LetterContent.date", "is not a date"),
        (changed("language", to="de"), "LetterContent.language", "'de' is none of sv, en"),
        (changed("title", to=None), "LetterContent.title", "None is not of type str"),
        (changed("recipient", to="Ek"), "LetterContent.recipient", "not a list"),
        (changed("recipient", 0, to=7), "LetterContent.recipient[0]", "7 is not of type str"),
        (changed("page_words", to=["Sida"]), "LetterContent.page_words", "1 values and not 2"),
        (changed("sums", to=[]), "LetterContent.sums", "not an object"),
        (changed("sums", "rows", 1, "subtotal", to=1), "LetterContent.sums.rows[1].subtotal", "1 is not of type bool"),
        (
            changed("details", 0, "columns", 1, "width_mm", to=True),
            "LetterContent.details[0].columns[1].width_mm",
            "int",
        ),
        (
            changed("details", 0, "columns", 1, "width_mm", to=1.5),
            "LetterContent.details[0].columns[1].width_mm",
            "1.5",
        ),
        (changed("payment", "qr", "account_kind", to="XX"), "LetterContent.payment.qr.account_kind", "none of BG, PG"),
        (changed("payment", "colour", to="red"), "LetterContent.payment.colour", "the field is unknown"),
        ("[]", "LetterContent", "not an object"),
        ("{", "LetterContent", "not JSON"),
        ('{"title":"a","title":"b"}', "title", "the field stands there twice"),
    ],
)
def test_anything_else_is_refused_with_the_place(text: str, where: str, reason: str) -> None:
    with pytest.raises(NotTheStoredForm) as problem:
        LetterContent.from_json(text)
    assert problem.value.where == where
    assert reason in problem.value.reason
    assert where in str(problem.value)


@pytest.mark.parametrize("field", json.loads(STORED))
def test_no_field_may_be_missing_even_with_a_value_of_its_own_when_composed(field: str) -> None:
    data = json.loads(STORED)
    del data[field]
    with pytest.raises(NotTheStoredForm, match=f"LetterContent.{field}: the field is missing"):
        LetterContent.from_json(json.dumps(data))


def test_an_empty_place_stays_empty() -> None:
    assert LetterContent.from_json(changed("payment", "qr", to=None)).payment.qr is None
    assert LetterContent.from_json(changed("details", 0, "total", to=None)).details[0].total is None
