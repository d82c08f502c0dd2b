"""A new address for a debtor whom no letter reached: who may give it, what is shown first, what the pages say then."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from punktlig.agency.actions.closing import refuse_letter
from punktlig.agency.records.models import Claim, DebtorAddress
from punktlig.tenancy.context import acting_for
from tests.agency.people import again, logged_in, person, print_letters, remind, send
from tests.agency.samples import NOW, TODAY, make_creditor

if TYPE_CHECKING:
    from tests.agency.people import Sent

pytestmark = pytest.mark.django_db

REMINDED = TODAY - timedelta(days=6)
TOMORROW = TODAY + timedelta(days=1)
NEW = {"street": "Strandvägen 12\nlgh 1102", "postcode": "83130", "town": "Östersund", "country": "SE"}


@pytest.fixture
def returned() -> Sent:
    """1 200 kr due on 19 October, reminded on 19 November; the letter came back today."""
    sent = send(make_creditor(), TODAY - timedelta(days=7), due_date=date(2026, 10, 19))
    remind(sent.creditor, REMINDED)
    print_letters(REMINDED)
    with acting_for(sent.creditor.id):
        refuse_letter(
            sent.creditor.id, sent.claim.id, reason="okänd på adressen", actor="Ali Berg", today=TODAY, at=NOW
        )
    return sent


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text)).replace("\u00a0", " ")


@pytest.mark.parametrize("role", ["creditor_admin", "case_handler", "agency_admin"])
def test_who_may_act_gives_the_address_from_the_notice(returned: Sent, role: str) -> None:
    client = logged_in(person(role, returned.creditor))
    url = f"{returned.url}address"
    page = client.get(returned.url)
    # In the menu, and beside what the claim waits for.
    assert page.text.count(f'href="{url}"') == 2
    asked = client.get(url)
    assert asked.context["form"].initial == {
        "street": "Björkvägen 7",
        "postcode": "123 46",
        "town": "Lillsjön",
        "country": "SE",
    }
    said = words(asked)
    # 1 200 kr for 38 days at 10 %: 12.49.
    for part in ("görs den 26 november 2026", "1 200,00", "12,49", "60,00", "1 272,49 kr", "senast 4 december 2026"):
        assert part in said
    done = client.post(url, NEW, follow=True)
    assert done.redirect_chain == [(returned.url, 302)]
    assert "Ett nytt brev görs den 26 november." in words(done)
    claim = again(returned)
    assert (claim.status, claim.needs_person, claim.reminder_day) == ("received", "", TOMORROW)
    with acting_for(returned.creditor.id):
        given = DebtorAddress.objects.get()
    assert (given.lines, given.entered_by) == (["Strandvägen 12", "lgh 1102"], role.replace("_", " ").title())


def test_the_claim_says_where_the_next_letter_goes_and_lists_both_when_it_has_gone(returned: Sent) -> None:
    client = logged_in(person("creditor_admin", returned.creditor))
    done = words(client.post(f"{returned.url}address", NEW, follow=True))
    assert "Nästa brev går till Strandvägen 12, lgh 1102, 831 30 Östersund." in done
    assert "Adressen angavs av Creditor Admin den 25 november 2026." in done
    assert "En ny adress angavs. Ett nytt brev planerades till 26 november 2026." in done
    assert "Brevet nådde inte kunden." in done
    remind(returned.creditor, TOMORROW)
    print_letters(TOMORROW)
    page = client.get(returned.url)
    assert [letter.about.replace("\u00a0", " ") for letter in page.context["letters"]] == [
        "26 november 2026 · post till Strandvägen 12, lgh 1102, 831 30 Östersund",
        "19 november 2026 · kom i retur: okänd på adressen",
    ]
    assert "Nästa brev går till" not in words(page)
    newest, first = (words(client.get(f"{returned.url}letters/{letter.id}")) for letter in page.context["letters"])
    assert "Brevet nådde inte kunden." in first
    assert "stoppades" not in first
    assert "Brevet nådde inte kunden." not in newest
    assert "Ange ny adress" not in words(page)


def test_an_address_that_cannot_be_used_comes_back_with_what_is_wrong(returned: Sent) -> None:
    client = logged_in(person("case_handler"))
    old = client.post(
        f"{returned.url}address", NEW | {"street": "Björkvägen 7", "postcode": "12346", "town": "Lillsjön"}
    )
    assert "Det är adressen som brevet inte nådde fram till." in words(old)
    short = client.post(f"{returned.url}address", NEW | {"postcode": "831"})
    assert "Skriv postnumret med fem siffror, till exempel 123 45." in words(short)
    assert short.context["form"].errors.keys() == {"postcode"}
    assert "Strandvägen 12" in short.text
    empty = client.post(f"{returned.url}address", {"country": "SE"})
    assert empty.context["form"].errors.keys() == {"street", "postcode", "town"}
    assert again(returned).needs_person == "letter_refused"


def test_abroad_an_address_needs_no_postcode_and_its_country_is_told(returned: Sent) -> None:
    client = logged_in(person("creditor_admin", returned.creditor))
    abroad = {"street": "1 Harbour View", "postcode": "", "town": "Kingstown", "country": "VC"}
    done = words(client.post(f"{returned.url}address", abroad, follow=True))
    assert "Nästa brev går till 1 Harbour View, Kingstown, S:t Vincent och Grenadinerna." in done


def test_the_address_can_be_changed_until_the_letter_is_made(returned: Sent) -> None:
    client = logged_in(person("creditor_admin", returned.creditor))
    url = f"{returned.url}address"
    client.post(url, NEW)
    asked = client.get(url)
    assert asked.context["form"].initial["street"] == "Strandvägen 12\nlgh 1102"
    client.post(url, NEW | {"street": "Rådhusgatan 3"})
    assert "Nästa brev går till Rådhusgatan 3" in words(client.get(returned.url))
    remind(returned.creditor, TOMORROW)
    late = client.post(url, NEW, follow=True)
    assert "Ärendet väntar inte på någon adress." in words(late)
    assert client.get(url).status_code == 302


@pytest.mark.parametrize(("role", "status"), [("creditor_reader", 403), ("nobody", 404)])
def test_who_may_not_act_is_not_offered_it_and_changes_nothing(returned: Sent, role: str, status: int) -> None:
    client = logged_in(person(role, returned.creditor))
    assert client.get(f"{returned.url}address").status_code == status
    assert client.post(f"{returned.url}address", NEW).status_code == status
    assert "Ange ny adress" not in client.get(returned.url).text
    assert again(returned).needs_person == "letter_refused"


def test_another_creditors_claim_is_not_there(returned: Sent) -> None:
    client = logged_in(person("creditor_admin", make_creditor()))
    assert client.post(f"{returned.url}address", NEW).status_code == 404


def test_a_protected_address_stands_in_no_form_and_on_no_page(returned: Sent) -> None:
    with acting_for(returned.creditor.id):
        Claim.objects.filter(id=returned.claim.id).update(identity_is_protected=True)
    client = logged_in(person("case_handler"))
    assert "Björkvägen" not in client.get(f"{returned.url}address").text
    done = client.post(f"{returned.url}address", NEW, follow=True)
    assert "Nästa brev går till adressen som Case Handler angav" in words(done)
    assert "Strandvägen" not in done.text


def test_the_desk_says_to_enter_the_address_or_withdraw(returned: Sent) -> None:
    desk = words(logged_in(person("case_handler")).get("/desk/"))
    assert "Brevet nådde inte kunden" in desk
    page = words(logged_in(person("agency_admin")).get(returned.url))
    assert "Ta reda på rätt adress och ange den, så görs ett nytt brev. Återkalla ärendet om ingen finns." in page
