"""A claim's letter as its creditor gets it from the agency, and what is written on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import httpx
import pypdfium2
from lxml import html

if TYPE_CHECKING:
    from tests.journeys.pages import Visitor


def claim_path(creditor: Visitor, number: str) -> str:
    """Return the path of the page of the claim with this number."""
    answer = creditor.get(f"/claims/{number}")
    assert answer.status_code == httpx.codes.FOUND, f"claim {number} answered {answer.status_code}"
    return answer.headers["location"]


def letter_paths(creditor: Visitor, number: str) -> list[str]:
    """Return the paths of the claim's letters as PDF, the newest first."""
    page = creditor.get(claim_path(creditor, number))
    found = cast("list[str]", html.document_fromstring(page.text).xpath("//a[contains(@href, '.pdf?download')]/@href"))
    return [str(path).removesuffix("?download") for path in found]


def letter_of(creditor: Visitor, number: str) -> bytes:
    """Return the PDF of the claim's only letter."""
    (path,) = letter_paths(creditor, number)
    answer = creditor.get(path)
    assert answer.headers["content-type"] == "application/pdf"
    return answer.content


def send_back(desk: Visitor, claim: str) -> None:
    """Note at the agency that the letter of the claim, by its path, came back."""
    answer = desk.send(desk.form(f"{claim}letter-return", containing="reason"), reason="okänd på adressen")
    assert answer.status_code == httpx.codes.FOUND, answer.text[:2000]


def text_of(pdf: bytes) -> str:
    """Return what is written on the pages, words parted by single spaces."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()
    return " ".join(" ".join(pages).replace("\N{NO-BREAK SPACE}", " ").split())


def page_count(pdf: bytes) -> int:
    """Return how many pages there are."""
    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)
