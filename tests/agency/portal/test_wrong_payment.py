"""Taking back a wrong payment: only the agency's people, what is shown first, what the pages say then."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from punktlig import clock
from punktlig.agency.actions.closing import withdraw
from punktlig.agency.actions.deliveries import claim_due
from punktlig.agency.actions.print_batches import fetch_batch
from punktlig.agency.records.models import Claim, ClaimEvent, ReceivedCommand
from punktlig.core.money import Money
from punktlig.tenancy.context import acting_for
from tests.agency.people import again, logged_in, pay, person, print_letters, remind, send
from tests.agency.rounds import by_email
from tests.agency.samples import NOW, TODAY, make_creditor

if TYPE_CHECKING:
    from uuid import UUID

    from tests.agency.people import Sent

pytestmark = pytest.mark.django_db

REMINDED = TODAY - timedelta(days=6)
TOMORROW = TODAY + timedelta(days=1)
NOTE = {"note": "Pengarna gällde faktura 1187."}


@pytest.fixture
def counted() -> Sent:
    """1 200 kr due on 19 October, of which 200 were told by mistake; reminded of the rest on 19 November."""
    sent = send(make_creditor(), TODAY - timedelta(days=7), due_date=date(2026, 10, 19))
    pay(sent, "200.00", TODAY - timedelta(days=7))
    remind(sent.creditor, REMINDED)
    print_letters(REMINDED)
    return sent


def payment_of(sent: Sent) -> UUID:
    with acting_for(sent.creditor.id):
        return ReceivedCommand.objects.get(kind="payment").id


def reversal_url(sent: Sent) -> str:
    return f"{sent.url}payments/{payment_of(sent)}/reversal"


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text)).replace("\u00a0", " ")


@pytest.mark.parametrize("role", ["case_handler", "agency_admin"])
def test_the_agencys_people_see_what_it_changes_and_take_it_back(counted: Sent, role: str) -> None:
    client = logged_in(person(role))
    assert f'href="{counted.url}payments/"' in client.get(counted.url).text
    chosen = client.get(f"{counted.url}payments/")
    assert chosen["Location"] == reversal_url(counted)
    said = words(client.get(reversal_url(counted)))
    # 1 200 kr for 37 days at 10 % is 12,16; of it 200 kr for the 7 days since 18 November is 0,38.
    for part in (
        "Betalningen på 200,00 kr den 18 november 2026 räknas inte:",
        "1 000,00 1 200,00",
        "11,78 12,16",
        "brevet av den 19 november 2026 ber om",
        "Kunden får ett rättat brev. Det görs den 26 november 2026",
        "Avgiften är densamma",
        "Betalar kunden det första brevets belopp i tid",
    ):
        assert part in said
    done = client.post(reversal_url(counted), NOTE, follow=True)
    assert done.redirect_chain == [(counted.url, 302)]
    after = words(done)
    assert "Betalningen är tillbakatagen." in after
    assert "Skäl: Pengarna gällde faktura 1187." in after
    assert "Ta tillbaka en betalning" not in after
    claim = again(counted)
    assert (claim.status, claim.reminder_day) == ("received", TOMORROW)
    with acting_for(counted.creditor.id):
        assert ClaimEvent.objects.get(kind="payment_reversed").actor == role.replace("_", " ").title()
    remind(counted.creditor, TOMORROW)
    print_letters(TOMORROW)
    page = client.get(counted.url)
    new, old = (letter.about.replace("\u00a0", " ") for letter in page.context["letters"])
    assert new.startswith("26 november 2026 · post till")
    assert old.endswith("rättat av ett nytt brev")
    assert "Den rättar brevet av den 19 november 2026." in words(page)


@pytest.mark.parametrize(("role", "status"), [("creditor_admin", 403), ("creditor_reader", 403), ("nobody", 404)])
def test_nobody_else_may(counted: Sent, role: str, status: int) -> None:
    client = logged_in(person(role, counted.creditor))
    assert client.get(reversal_url(counted)).status_code == status
    assert client.post(reversal_url(counted), NOTE).status_code == status
    assert "payments/" not in client.get(counted.url).text
    with acting_for(counted.creditor.id):
        assert not ReceivedCommand.objects.filter(kind="reversal").exists()


def test_a_second_click_takes_nothing_back(counted: Sent) -> None:
    client, url = logged_in(person("case_handler")), reversal_url(counted)
    for _ in range(2):
        said = words(client.post(url, NOTE, follow=True))
    assert "Betalningen räknas inte längre i ärendet." in said
    assert client.get(url)["Location"] == counted.url
    with acting_for(counted.creditor.id):
        assert ReceivedCommand.objects.filter(kind="reversal").count() == 1


def test_it_asks_why(counted: Sent) -> None:
    asked = logged_in(person("case_handler")).post(reversal_url(counted), {"note": "  "})
    assert asked.context["form"].errors.keys() == {"note"}
    assert again(counted).status == "reminder_sent"


@pytest.mark.parametrize("note", [".", "\x07", "\u200b . "])
def test_what_cannot_be_read_is_no_reason(counted: Sent, note: str) -> None:
    asked = logged_in(person("case_handler")).post(reversal_url(counted), {"note": note})
    assert asked.context["form"].errors.keys() == {"note"}


def test_a_reason_that_was_pasted_is_told_as_text(counted: Sent) -> None:
    logged_in(person("case_handler")).post(reversal_url(counted), {"note": "Pengarna\x0bgällde\x07 faktura 1187."})
    with acting_for(counted.creditor.id):
        assert ClaimEvent.objects.get(kind="payment_reversed").facts["note"] == "Pengarna gällde faktura 1187"


def test_one_of_several_is_chosen(counted: Sent) -> None:
    pay(counted, "50.00", TODAY)
    page = logged_in(person("case_handler")).get(f"{counted.url}payments/")
    assert page.text.count("/reversal") == 2
    assert "Borgenären rapporterade den." in words(page)


def test_one_that_came_with_the_handover_is_told_apart() -> None:
    sent = send(make_creditor(), TODAY, payments=[(TODAY - timedelta(days=9), "150.00")])
    pay(sent, "50.00", TODAY)
    client = logged_in(person("case_handler"))
    page = client.get(f"{sent.url}payments/")
    assert "Den kom med fakturan." in words(page)
    first = client.get(re.findall(r'href="([^"]+/reversal)"', page.text)[0])
    assert "Brevet görs den 26 november 2026 och ber om det rätta beloppet." in words(first)
    assert "Kunden har fått veta" not in words(first)


def test_the_letter_to_a_new_address_asks_for_what_was_taken_back(counted: Sent) -> None:
    sent = send(counted.creditor, TODAY - timedelta(days=1), payments=[(TODAY - timedelta(days=9), "150.00")])
    remind(sent.creditor, TODAY)
    print_letters(TODAY)
    client = logged_in(person("case_handler"))
    client.post(f"{sent.url}letter-return", {"reason": "okänd"})
    asked = f"{sent.url}address"
    assert client.get(asked).context["reminder"].unpaid == Money.parse("1050.00")
    page = client.get(f"{sent.url}payments/", follow=True)
    assert "Ärendet väntar på en handläggare, som förut." in words(page)
    client.post(page.request["PATH_INFO"], NOTE)
    assert again(sent).needs_person == "letter_refused"
    assert client.get(asked).context["reminder"].unpaid == Money.parse("1200.00")


def test_a_withdrawn_claim_says_that_no_letter_goes(counted: Sent) -> None:
    with acting_for(counted.creditor.id):
        withdraw(counted.creditor.id, counted.claim.id, actor="Maja Lind", today=TODAY, at=NOW)
    client = logged_in(person("case_handler"))
    assert f'href="{counted.url}payments/"' in client.get(counted.url).text
    assert "Ärendet är avslutat och förblir det." in words(client.get(reversal_url(counted)))
    client.post(reversal_url(counted), NOTE)
    assert again(counted).status == "closed"


def test_who_has_paid_what_the_letter_said_is_let_go(counted: Sent) -> None:
    with acting_for(counted.creditor.id):
        total = counted.claim.letters.get().total
    wrong = reversal_url(counted)
    pay(counted, str(total), TODAY)
    said = words(logged_in(person("case_handler")).get(wrong))
    assert "Kunden har i tid betalat det som brevet bad om, och krävs inte på mer: 20" in said
    assert "inget brev går" in said


def test_while_a_letter_is_on_its_way_it_says_to_wait() -> None:
    sent = send(make_creditor(), TODAY - timedelta(days=1))
    pay(sent, "200.00", TODAY - timedelta(days=1))
    remind(sent.creditor, TODAY)
    assert fetch_batch(by="Ali Berg", today=TODAY, at=NOW)
    client = logged_in(person("case_handler"))
    page = client.get(reversal_url(sent))
    assert "Vänta tills det är klart med brevet." in words(page)
    assert 'name="note"' not in page.text
    assert "är på väg" in words(client.post(reversal_url(sent), NOTE, follow=True))
    assert again(sent).status == "reminder_issued"


def test_one_told_since_a_letter_was_taken_leaves_the_letter_as_it_is() -> None:
    sent = send(make_creditor(), TODAY - timedelta(days=1))
    remind(sent.creditor, TODAY)
    assert fetch_batch(by="Ali Berg", today=TODAY, at=NOW)
    pay(sent, "200.00", TODAY)
    said = words(logged_in(person("case_handler")).get(reversal_url(sent)))
    assert "räknar inte med betalningen och gäller som det är" in said


def test_of_an_email_that_nobody_will_hear_of_a_person_is_asked() -> None:
    sent = send(make_creditor(), TODAY - timedelta(days=20), payments=[(TODAY - timedelta(days=22), "200.00")])
    by_email(sent.creditor)
    remind(sent.creditor, TODAY - timedelta(days=19))
    with acting_for(sent.creditor.id):
        reminded = NOW - timedelta(days=19)
        assert claim_due(sent.creditor.id, "email", today=reminded.date(), at=reminded)
    pay(sent, "1100.00", TODAY)
    assert again(sent).status == "paid"
    client = logged_in(person("case_handler"))
    page = client.get(f"{sent.url}payments/")
    wrong = re.findall(r'href="([^"]+/reversal)"', page.text)[0]
    said = words(client.get(wrong))
    assert "Ingen vet om e-brevet har gått." in said
    assert "Vänta tills" not in said


@pytest.mark.parametrize("is_leaving", [False, True])
def test_the_first_letter_can_be_noted_as_returned_while_its_correction_waits(
    counted: Sent, is_leaving: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = logged_in(person("case_handler"))
    client.post(reversal_url(counted), NOTE)
    planned = words(client.get(f"{counted.url}letter-return"))
    assert "Det rättade brevet, som skulle skapas den 26 november 2026, görs inte." in planned
    remind(counted.creditor, TOMORROW)
    if is_leaving:
        assert fetch_batch(by="Ali Berg", today=TOMORROW, at=NOW + timedelta(days=1))
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=1))
    assert "Notera brev i retur" in words(client.get(counted.url))
    asked = words(client.get(f"{counted.url}letter-return"))
    assert ("Brevet av den 19 november 2026 noteras som obefordrat" in asked) != is_leaving
    assert ("Det rättade brevet av den 26 november 2026 stoppas" in asked) != is_leaving
    assert ("Vänta tills det är klart med det." in asked) == is_leaving
    assert ("Notera returen" in asked) != is_leaving
    done = client.post(f"{counted.url}letter-return", {"reason": "okänd"}, follow=True)
    if is_leaving:
        assert "Brevet som rättar det är på väg" in words(done)
        assert again(counted).status == "reminder_issued"
        return
    assert again(counted).needs_person == "letter_refused"
    shown = [letter.about.split(" · ")[1] for letter in done.context["letters"]]
    assert shown == ["stoppades innan det lämnade oss", "kom i retur: okänd"]


def test_a_planned_correction_stands_in_the_status_and_the_history(counted: Sent) -> None:
    client = logged_in(person("case_handler"))
    client.post(reversal_url(counted), NOTE)
    page = words(client.get(counted.url))
    assert "Rättat brev skapas 26 nov" in page
    assert "Mottagen" not in page
    assert "Ett rättat brev skapas 26 november. Betalar kunden före dess skickas inget." in page
    assert "Ett rättat brev planerades till 26 november 2026. Skäl: Pengarna gällde faktura 1187." in page
    assert "Rättat brev skapas 26 nov" in words(client.get(f"/c/{counted.creditor.id}/claims/"))
    assert "Rättat brev skapas 26 nov" in words(client.get(f"/desk/claims/?q={counted.claim.number}"))


def test_a_correction_that_was_planned_as_a_reminder_is_told_at_the_letters_return_too(counted: Sent) -> None:
    client = logged_in(person("case_handler"))
    client.post(reversal_url(counted), NOTE)
    # As it was written before there was a next event of its own.
    with acting_for(counted.creditor.id):
        Claim.objects.filter(id=counted.claim.id).update(next_event="reminder_is_issued")
    asked = words(client.get(f"{counted.url}letter-return"))
    assert "Det rättade brevet, som skulle skapas den 26 november 2026, görs inte." in asked
    client.post(f"{counted.url}letter-return", {"reason": "okänd"})
    assert again(counted).needs_person == "letter_refused"
