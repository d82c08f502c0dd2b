"""The list of a creditor's claims: tabs, search, pages."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from punktlig.agency.records import claim_queries
from punktlig.agency.records.models import Claim
from punktlig.formats.ocr import ocr_reference
from punktlig.tenancy.context import acting_for
from tests.agency.people import logged_in, pay, person, send
from tests.agency.samples import TODAY, make_creditor

if TYPE_CHECKING:
    from typing import Any

    from django.test import Client

    from punktlig.agency.records.models import Creditor

pytestmark = pytest.mark.django_db


@pytest.fixture
def creditor() -> Creditor:
    return make_creditor()


@pytest.fixture
def client(creditor: Creditor) -> Client:
    return logged_in(person("creditor_reader", creditor))


@pytest.fixture(params=[500, 0])
def _few_and_many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Search both ways: gathering the few that begin so, and walking the list when they are many."""
    monkeypatch.setattr(claim_queries, "_MOST_GATHERED", request.param)


def listed(client: Client, creditor: Creditor, query: str = "") -> list[str]:
    """The invoice numbers on the page, in its order."""
    page = client.get(f"/c/{creditor.id}/claims/{query}").text
    return re.findall(r'class="c-invoice">([^<]*)</td>', page)


def test_tabs_tell_counts_and_sums(client: Client, creditor: Creditor) -> None:
    paid = send(creditor, TODAY, payable="300.00")
    pay(paid, "300.00", TODAY)
    send(creditor, TODAY, payable="1000.50")
    send(creditor, TODAY, payable="2000.00")
    tabs = client.get(f"/c/{creditor.id}/claims/").context["tabs"]
    assert [(tab.name, tab.count, tab.ore) for tab in tabs] == [
        ("Pågående", 2, 300_050),
        ("Behöver beslut", 0, 0),
        ("Betalda", 1, 30_000),
        ("Avslutade", 0, 0),
        ("Alla", 3, 330_050),
    ]
    assert [tab.current for tab in tabs] == [True, False, False, False, False]


def test_a_claim_that_somebody_decides_about_is_in_its_tab(client: Client, creditor: Creditor) -> None:
    send(creditor, TODAY, number="går")
    asked, decided = send(creditor, TODAY, number="frågad"), send(creditor, TODAY, number="förbi")
    with acting_for(creditor.id):
        Claim.objects.filter(id=asked.claim.id).update(status="needs_person", needs_person="could_not_be_made")
        Claim.objects.filter(id=decided.claim.id).update(
            status="reminder_sent", next_event="creditor_decides", next_event_day=TODAY
        )
    assert set(listed(client, creditor, "?tab=decision")) == {"frågad", "förbi"}
    assert len(listed(client, creditor)) == 3


def test_a_claim_that_cannot_be_read_hides_no_other_and_its_page_says_so(client: Client, creditor: Creditor) -> None:
    bad = send(creditor, TODAY, number="skadad").claim
    send(creditor, TODAY, number="hel")
    with acting_for(creditor.id):
        Claim.objects.filter(id=bad.id).update(
            status="needs_person", needs_person="claim_unreadable", submission=b"{", next_event=""
        )
    assert set(listed(client, creditor)) == {"skadad", "hel"}
    answer = client.get(f"/c/{creditor.id}/claims/{bad.id}/", follow=True)
    assert answer.redirect_chain == [(f"/c/{creditor.id}/claims/", 302)]
    assert "Ärendet går inte att läsa" in answer.text


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("20388", ["20388"]),
        ("203", ["20399", "20388"]),
        ("ÅSA", ["åtta"]),
        ("åsa blom", ["åtta"]),
        ("sa", []),
        ("%", []),
        ("x\u0000", ["x1"]),
        ("hemlig", []),
        ("f", []),
    ],
)
@pytest.mark.usefixtures("_few_and_many")
def test_search_finds_what_begins_so(client: Client, creditor: Creditor, search: str, found: list[str]) -> None:
    send(creditor, TODAY, number="20388", debtor={"name": "Karin Wester"})
    send(creditor, TODAY, number="20399", debtor={"name": "Oskar Ström"})
    send(creditor, TODAY, number="åtta", debtor={"name": "Åsa Blom"})
    protected = send(creditor, TODAY, number="x1", debtor={"name": "Hemlig Person"})
    with acting_for(creditor.id):
        Claim.objects.filter(id=protected.claim.id).update(identity_is_protected=True)
        for number, claim in enumerate(Claim.objects.order_by("invoice_number")):
            Claim.objects.filter(id=claim.id).update(received_at=claim.received_at + timedelta(seconds=number))
    response = client.get(f"/c/{creditor.id}/claims/", {"q": search})
    assert re.findall(r'class="c-invoice">([^<]*)</td>', response.text) == found


def test_a_claim_is_found_by_its_number_however_it_is_grouped(client: Client, creditor: Creditor) -> None:
    sent = send(creditor, TODAY, number="denna")
    send(creditor, TODAY, number="annan")
    number = sent.claim.number
    for written in (number, f"{number[:4]} {number[4:]}", number[:6], ocr_reference(number)):
        assert "denna" in listed(client, creditor, f"?q={written}")


@pytest.mark.usefixtures("_few_and_many")
def test_only_a_whole_payment_reference_stands_for_the_number_in_it(client: Client, creditor: Creditor) -> None:
    reference = ocr_reference(send(creditor, TODAY, number="denna").claim.number)
    wrong = f"{reference[:-1]}{(int(reference[-1]) + 1) % 10}"
    for written in (wrong, reference[:-1], f"{reference}0"):
        assert "denna" not in listed(client, creditor, f"?q={written}")


def test_the_number_is_written_as_letters_and_the_payment_reference_have_it(client: Client, creditor: Creditor) -> None:
    """In one piece: as the debtor reads it in the letter, and the creditor in their own program."""
    sent = send(creditor, TODAY)
    for url in (f"/c/{creditor.id}/claims/", sent.url):
        assert sent.claim.number in client.get(url).text


def test_a_protected_identity_is_hidden_in_list_and_on_the_page(client: Client, creditor: Creditor) -> None:
    sent = send(creditor, TODAY, debtor={"name": "Hemlig Person"})
    with acting_for(creditor.id):
        Claim.objects.filter(id=sent.claim.id).update(identity_is_protected=True)
    for url in (f"/c/{creditor.id}/claims/", sent.url):
        page = client.get(url).text
        assert "Hemlig" not in page
        assert "Skyddade personuppgifter" in page


def test_pages_follow_each_other_both_ways(client: Client, creditor: Creditor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claim_queries, "ROWS_ON_A_PAGE", 2)
    monkeypatch.setattr(claim_queries.page_of, "__kwdefaults__", {"after": None, "before": None, "size": 2})
    for number in range(5):
        send(creditor, TODAY - timedelta(days=5 - number), number=str(number))
    url = f"/c/{creditor.id}/claims/"
    pages: list[Any] = [client.get(url)]
    while pages[-1].context["later_url"]:
        pages.append(client.get(url + pages[-1].context["later_url"]))
    assert [[row.invoice_number for row in page.context["rows"]] for page in pages] == [["4", "3"], ["2", "1"], ["0"]]
    assert pages[0].context["earlier_url"] == ""
    back = client.get(url + pages[2].context["earlier_url"])
    assert [row.invoice_number for row in back.context["rows"]] == ["2", "1"]
    first = client.get(url + back.context["earlier_url"])
    assert [row.invoice_number for row in first.context["rows"]] == ["4", "3"]
    assert first.context["earlier_url"] == ""


def test_a_page_mark_of_nothing_is_the_first_page(client: Client, creditor: Creditor) -> None:
    send(creditor, TODAY, number="ett")
    for mark in ("?after=x", "?before=00000000-0000-0000-0000-000000000000", "?tab=ingen"):
        assert listed(client, creditor, mark) == ["ett"]


def test_the_list_asks_a_fixed_number_of_queries(
    client: Client, creditor: Creditor, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        send(creditor, TODAY)
    with django_assert_max_num_queries(20):
        assert len(listed(client, creditor)) == 12


def test_the_list_says_the_same_sum_as_the_claim(client: Client, creditor: Creditor) -> None:
    sent = send(creditor, TODAY, payable="4321.00")
    (row,) = client.get(f"/c/{creditor.id}/claims/").context["rows"]
    assert row.owed == client.get(sent.url).context["balance"].total
    assert row.owed.ore > 432_100
