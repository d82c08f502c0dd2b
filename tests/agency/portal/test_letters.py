"""A claim's letter: seen as pictures, and as the same PDF each time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from punktlig.agency.records.models import Claim, Letter
from punktlig.tenancy.context import acting_for
from tests.agency.people import logged_in, pay, person, print_letters, remind, send
from tests.agency.samples import TODAY, make_creditor

if TYPE_CHECKING:
    from tests.agency.people import Sent

pytestmark = pytest.mark.django_db

RECEIVED, REMINDED = TODAY - timedelta(days=7), TODAY - timedelta(days=6)


@pytest.fixture
def sent() -> Sent:
    sent = send(make_creditor(), RECEIVED)
    remind(sent.creditor, REMINDED)
    return sent


def letter_of(sent: Sent) -> Letter:
    with acting_for(sent.creditor.id):
        return Letter.objects.get(claim_id=sent.claim.id)


def test_the_pdf_is_the_same_bytes_at_every_look(sent: Sent) -> None:
    client = logged_in(person("creditor_reader", sent.creditor))
    url = f"{sent.url}letters/{letter_of(sent).id}.pdf"
    first, second = client.get(url), client.get(f"{url}?download")
    assert first.content == second.content
    assert first.content.startswith(b"%PDF-")
    assert first["Content-Type"] == "application/pdf"
    assert first["Cache-Control"] == "private, no-store"
    name = f"{sent.claim.number}-{REMINDED.isoformat()}.pdf"
    assert first["Content-Disposition"] == f'inline; filename="{name}"'
    assert second["Content-Disposition"] == f'attachment; filename="{name}"'


def test_the_page_shows_each_page_as_a_picture(sent: Sent) -> None:
    page = logged_in(person("creditor_reader", sent.creditor)).get(f"{sent.url}letters/{letter_of(sent).id}")
    assert page.text.count('src="data:image/png;base64,') == len(page.context["pages"]) >= 1


def test_the_list_says_how_a_letter_went(sent: Sent) -> None:
    client = logged_in(person("creditor_reader", sent.creditor))
    assert [letter.about for letter in client.get(sent.url).context["letters"]] == [
        "19\u00a0november\u00a02026 · väntar på att lämna oss"
    ]
    print_letters(REMINDED)
    assert [letter.about for letter in client.get(sent.url).context["letters"]] == [
        "19\u00a0november\u00a02026 · post till Björkvägen 7, 123 46 Lillsjön"
    ]
    with acting_for(sent.creditor.id):
        Claim.objects.filter(id=sent.claim.id).update(identity_is_protected=True)
    assert "Björkvägen" not in client.get(sent.url).text


def test_a_letter_that_was_stopped_says_so(sent: Sent) -> None:
    pay(sent, "5000.00", REMINDED)
    client = logged_in(person("creditor_reader", sent.creditor))
    assert "stoppades innan det lämnade oss" in client.get(sent.url).text
    assert "Brevet stoppades" in client.get(f"{sent.url}letters/{letter_of(sent).id}").text


def test_a_letter_is_found_under_its_own_claim_only(sent: Sent) -> None:
    other = send(sent.creditor, RECEIVED)
    client = logged_in(person("creditor_admin", sent.creditor))
    for end in ("", ".pdf"):
        assert client.get(f"{other.url}letters/{letter_of(sent).id}{end}").status_code == 404
