"""The desk: who may enter, what needs a person, claims and letters across creditors, refusals."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock
from uuid import uuid4

import pytest

from punktlig import clock
from punktlig.agency.actions import claims, print_batches
from punktlig.agency.actions.closing import close_as_paid, refuse_letter
from punktlig.agency.actions.print_batches import fetch_batch, open_batch
from punktlig.agency.records.claim_queries import page_of
from punktlig.agency.records.models import (
    ApiKey,
    CaughtMail,
    Claim,
    Creditor,
    Delivery,
    Letter,
    Member,
    Platform,
    PrintBatch,
    WebhookDelivery,
)
from punktlig.agency.web import batch_letters, urls
from punktlig.formats.ocr import ocr_reference
from punktlig.tenancy.context import acting_for
from punktlig.tenancy.models import User
from tests.agency.people import ROLES, again, logged_in, moment, person, print_letters, refuse, remind, send
from tests.agency.rates import administrator, enter
from tests.agency.samples import NOW, TODAY, make_creditor, make_platform

if TYPE_CHECKING:
    from django.test import Client

    from tests.agency.people import Sent

pytestmark = pytest.mark.django_db

REMINDED = TODAY - timedelta(days=1)


@pytest.fixture
def desk() -> Client:
    return logged_in(person("case_handler"))


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def queued(**changes: Any) -> Sent:
    """A claim whose letter waits for print."""
    sent = send(make_creditor(), TODAY - timedelta(days=2), **changes)
    remind(sent.creditor, REMINDED)
    return sent


def asked(code: str, days: int = 4, **changes: Any) -> Sent:
    """A claim that has waited for a person for so many days."""
    sent = send(make_creditor(), TODAY, **changes)
    with acting_for(sent.creditor.id):
        Claim.objects.filter(id=sent.claim.id).update(
            status="needs_person", needs_person=code, needs_person_since=NOW - timedelta(days=days)
        )
    return sent


# ---- Rights -------------------------------------------------------------------------------------------------------

ADMINISTRATORS = {
    "desk-people",
    "desk-person",
    "desk-person-removal",
    "desk-platforms",
    "desk-platform",
    "desk-keys",
    "desk-revocation",
    "desk-webhooks",
    "desk-webhook-secret",
    "desk-rate-new",
    "desk-rate-approval",
    "desk-rate-withdrawal",
}


def addresses() -> dict[str, tuple[str, str]]:
    """Every address of the desk, with the method that is tried."""
    creditor = make_creditor()
    platform = Platform.objects.get(id=creditor.platform_id)
    key = ApiKey.objects.create(id="a1", platform=platform, secret_sha256="")
    sent = send(creditor, TODAY - timedelta(days=2))
    remind(creditor, REMINDED)
    print_letters(REMINDED)
    batch = PrintBatch.objects.get()
    with acting_for(creditor.id):
        delivery = Delivery.objects.get()
        mail = CaughtMail.objects.create(
            creditor=creditor,
            delivery=delivery,
            caught_at=NOW,
            recipient="anna.ek@example.com",
            subject="Påminnelse",
            message=b"From: a@example.com\nTo: anna.ek@example.com\nSubject: x\n\nHej",
        )
    assert sent
    entered = enter(administrator("Ada Lind"))
    colleague = Member.objects.create(
        user=User.objects.create_user("eva@ekviken.example", name="Eva Sund"), role="case_handler"
    )
    base = f"/desk/platforms/{platform.id}/"
    return {
        "desk": ("GET", "/desk/"),
        "desk-claims": ("GET", "/desk/claims/"),
        "desk-letters": ("GET", "/desk/letters/"),
        "desk-mails": ("GET", "/desk/letters/mails/"),
        "desk-mail": ("GET", f"/desk/letters/mails/{creditor.id}/{mail.id}/"),
        "desk-mail-file": ("GET", f"/desk/letters/mails/{creditor.id}/{mail.id}.eml"),
        "desk-batches": ("POST", "/desk/letters/batches/"),
        "desk-batch": ("GET", f"/desk/letters/batches/{batch.id}/"),
        "desk-batch-file": ("GET", f"/desk/letters/batches/{batch.id}.zip"),
        "desk-batch-receipt": ("POST", f"/desk/letters/batches/{batch.id}/receipt"),
        "desk-refusals": ("GET", "/desk/refusals/"),
        "desk-rates": ("GET", "/desk/rates/"),
        "desk-rate-new": ("GET", "/desk/rates/new/"),
        "desk-rate-approval": ("GET", f"/desk/rates/{entered.id}/approval"),
        "desk-rate-withdrawal": ("GET", f"/desk/rates/{entered.id}/withdrawal"),
        "desk-creditors": ("GET", "/desk/creditors/"),
        "desk-people": ("GET", "/desk/people/"),
        "desk-person": ("GET", f"/desk/people/{colleague.id}/"),
        "desk-person-removal": ("POST", f"/desk/people/{colleague.id}/removal"),
        "desk-platforms": ("GET", "/desk/platforms/"),
        "desk-platform": ("GET", base),
        "desk-keys": ("POST", f"{base}keys"),
        "desk-revocation": ("GET", f"{base}keys/{key.id}/revocation"),
        "desk-webhooks": ("POST", f"{base}webhooks"),
        "desk-webhook-secret": ("POST", f"{base}webhook-secret"),
    }


@pytest.mark.parametrize("role", ROLES)
def test_each_role_enters_where_it_may(role: str) -> None:
    known = addresses()
    assert set(known) == {pattern.name for pattern in urls.urlpatterns}
    client = logged_in(person(role, Creditor.objects.get()))
    Platform.objects.update(webhook_secret="whsec_x")  # noqa: S106 - no secret of anybody
    for name, (method, url) in known.items():
        status = client.generic(method, url).status_code
        if role == "agency_admin" or (role == "case_handler" and name not in ADMINISTRATORS):
            assert status in (200, 302), name
        else:
            assert status == 404, name


def test_a_case_handler_is_not_offered_what_is_the_administrators() -> None:
    assert "/desk/platforms/" not in logged_in(person("case_handler")).get("/desk/").text
    assert "/desk/platforms/" in logged_in(person("agency_admin")).get("/desk/").text


# ---- What needs a person ------------------------------------------------------------------------------------------


def test_what_has_waited_longest_comes_first_with_what_to_do(desk: Client) -> None:
    newer, older = asked("could_not_be_made", 2), asked("rate_unknown", 9, debtor={"name": "Karin Wester"})
    page = desk.get("/desk/")
    waiting = page.context["waiting"]
    assert [(row.item.what, row.days, row.is_old) for row in waiting] == [
        ("Referensräntan är inte beslutad", 9, True),
        ("Påminnelsen kunde inte skapas", 2, False),
    ]
    said = words(page)
    assert "Karin Wester" in said
    assert "En administratör lägger till halvårets referensränta" in said
    assert older.url in page.text
    chosen = desk.get("/desk/", {"item": f"claim-{newer.claim.id}"})
    assert newer.url in chosen.text
    assert "Anmäl felet" in words(chosen)


def test_what_is_paid_or_closed_asks_nobody(desk: Client) -> None:
    sent = asked("could_not_be_made")
    with acting_for(sent.creditor.id):
        Claim.objects.update(status="closed")
    page = desk.get("/desk/")
    assert page.context["waiting"] == []
    assert "Inget väntar på en människa." in words(page)


def test_letters_that_wait_for_print_ask_for_somebody(desk: Client) -> None:
    queued()
    (row,) = desk.get("/desk/").context["waiting"]
    assert (row.item.what, row.item.about) == ("Brev att trycka", "1 brev väntar.")


def test_with_a_folder_the_printer_fetches_by_itself(desk: Client, settings: Any) -> None:
    settings.PRINT_FOLDER = "/somewhere"
    queued()
    assert desk.get("/desk/").context["waiting"] == []
    assert "Hämta breven" not in words(desk.get("/desk/letters/"))


def test_a_batch_that_is_being_written_for_the_printer_is_no_fetched_one(desk: Client, settings: Any) -> None:
    settings.PRINT_FOLDER = "/somewhere"
    sent, batch = queued(), open_batch(at=NOW)
    with acting_for(sent.creditor.id):
        Delivery.objects.update(batch_id=batch)
    page = words(desk.get("/desk/letters/"))
    assert "Läggs i en bunt till tryckeriet." in page
    assert "av tryckeriet Skrivs" in page
    assert "hämtad" not in page


def test_refused_handovers_are_told_by_creditor_and_reason_until_they_come_again(desk: Client) -> None:
    creditor = make_creditor()
    refuse(creditor, TODAY, currency="EUR")
    again_id = uuid4()
    refuse(creditor, TODAY, currency="EUR", invoice_id=again_id)
    (row,) = desk.get("/desk/").context["waiting"]
    assert row.item.about == "2 fakturor från Lillsjöns Snickeri AB: inte i svenska kronor."
    send(creditor, TODAY, invoice_id=again_id)
    (row,) = desk.get("/desk/").context["waiting"]
    assert row.item.about == "1 faktura från Lillsjöns Snickeri AB: inte i svenska kronor."


def test_failing_webhooks_and_silent_platforms_are_the_administrators() -> None:
    platform = make_platform()
    ApiKey.objects.create(id="a1", platform=platform, secret_sha256="")
    Platform.objects.filter(id=platform.id).update(created_at=NOW - timedelta(days=8))
    WebhookDelivery.objects.create(
        platform=platform,
        first_position=1,
        last_position=4,
        created_at=NOW - timedelta(hours=3),
        attempts=4,
        next_try_at=NOW,
        last_problem="svarade 500",
    )
    rows = logged_in(person("agency_admin")).get("/desk/").context["waiting"]
    assert [row.item.what for row in rows] == ["Tyst plattform", "Webhooks tas inte emot"]
    assert "svarade 500" in rows[1].item.happened
    assert logged_in(person("case_handler")).get("/desk/").context["waiting"] == []


def test_a_platform_that_is_heard_is_not_silent() -> None:
    sent = send(make_creditor(), TODAY)
    ApiKey.objects.create(id="a1", platform_id=sent.creditor.platform_id, secret_sha256="")
    Platform.objects.update(created_at=NOW - timedelta(days=80))
    assert logged_in(person("agency_admin")).get("/desk/").context["waiting"] == []


def test_the_desk_reads_what_stood_on_the_letter_that_came_back(desk: Client) -> None:
    two = [queued(number=number) for number in ("1", "2")]
    print_letters(REMINDED)
    for sent, why in zip(two, ("flyttat.", ""), strict=True):
        with acting_for(sent.creditor.id):
            refuse_letter(sent.creditor.id, sent.claim.id, reason=why, actor="Ali Berg", today=TODAY, at=NOW)
    happened = [row.item.happened for row in desk.get("/desk/").context["waiting"] if row.item.key.startswith("claim")]
    assert sorted(happened) == [
        "Påminnelsen kom i retur: flyttat. Avgiften är återförd.",
        "Tryckeriet tog inte emot påminnelsen, eller den kom i retur. Avgiften är återförd.",
    ]


# ---- Claims of all ------------------------------------------------------------------------------------------------


def test_claims_of_every_creditor_are_found_by_what_a_caller_has_at_hand(desk: Client) -> None:
    one = send(make_creditor(), TODAY)
    two = send(make_creditor(), TODAY, number="F-20388", debtor={"name": "Åsa Blom"})
    number = two.claim.number
    page = desk.get("/desk/claims/")
    assert {one.url, two.url} <= set(re.findall(r'href="(/c/[^"]+)"', page.text))
    assert one.claim.number in page.text
    for written in (number, f"{number[:4]} {number[4:]}", ocr_reference(number), "f-2038", "åsa b"):
        found = desk.get("/desk/claims/", {"q": written})
        assert [row.url for row in found.context["rows"]] == [two.url]
    assert "Inget börjar så." in words(desk.get("/desk/claims/?q=00"))


def test_the_desk_turns_the_pages_of_what_was_found(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_of, "__kwdefaults__", {"after": None, "before": None, "size": 2})
    creditor = make_creditor()
    for number in range(3):
        send(creditor, TODAY, number=f"QQ{number}")
    send(creditor, TODAY, number="B1")
    first = desk.get("/desk/claims/", {"q": "qq"})
    second = desk.get(f"/desk/claims/{first.context['later_url']}")
    back = desk.get(f"/desk/claims/{second.context['earlier_url']}")
    assert [len(page.context["rows"]) for page in (first, second, back)] == [2, 1, 2]
    assert back.context["rows"] == first.context["rows"]


def test_the_desk_reads_of_the_creditor_what_the_creditor_reads_of_itself(desk: Client) -> None:
    sent = send(make_creditor(), TODAY)
    with acting_for(sent.creditor.id):
        Claim.objects.update(status="reminder_sent", next_event="creditor_decides", next_event_day=TODAY)
    assert "Borgenären bestämmer hur ärendet går vidare." in words(desk.get("/desk/claims/"))
    assert "Borgenären bestämmer hur ärendet går vidare." in words(desk.get(sent.url))
    creditors_own = logged_in(person("creditor_admin", sent.creditor))
    assert "Ni bestämmer hur ärendet går vidare." in words(creditors_own.get(sent.url))


@pytest.mark.parametrize("url", ["/desk/", "/desk/claims/", "/desk/letters/"])
def test_a_protected_identity_is_hidden_at_the_desk(desk: Client, url: str) -> None:
    sent = queued(debtor={"name": "Hemlig Person"})
    with acting_for(sent.creditor.id):
        Claim.objects.update(
            identity_is_protected=True,
            needs_person="identity_is_protected" if url == "/desk/" else "",
            needs_person_since=NOW,
        )
    page = desk.get(url)
    assert "Hemlig" not in page.text
    assert "Skyddade personuppgifter" in page.text


def test_a_refused_protected_identity_is_hidden(desk: Client) -> None:
    refuse(make_creditor(), TODAY, debtor={"name": "Hemlig Person", "identity_is_protected": True}, number="20388")
    page = desk.get("/desk/refusals/")
    assert "Hemlig" not in page.text
    assert "20388" in page.text


def test_refusals_tell_code_reason_and_whether_the_invoice_came_again(desk: Client) -> None:
    creditor, other = make_creditor(), make_creditor()
    again_id = uuid4()
    refuse(creditor, TODAY, currency="EUR", invoice_id=again_id, number="20388")
    refuse(other, TODAY, payable="-5.00", number="20399")
    send(creditor, TODAY, invoice_id=again_id)
    said = words(desk.get("/desk/refusals/"))
    assert "currency_is_not_sek" in said
    assert "Fakturan är i EUR." in said
    assert "Skickad på nytt" in said
    only = words(desk.get(f"/desk/refusals/?creditor={other.id}"))
    assert "20399" in only
    assert "20388" not in only


# ---- Print batches ------------------------------------------------------------------------------------------------


def fetched(desk: Client) -> str:
    response = desk.post("/desk/letters/batches/")
    assert response.status_code == 302
    return str(response["Location"])


def test_a_batch_is_fetched_downloaded_and_handed_over(desk: Client) -> None:
    sent = queued()
    batch = fetched(desk)
    assert "Lämnad till tryckeriet" in words(desk.get(batch))
    zipped = desk.get(f"{batch[:-1]}.zip")
    assert zipped.content == desk.get(f"{batch[:-1]}.zip").content
    with zipfile.ZipFile(io.BytesIO(zipped.content)) as archive, acting_for(sent.creditor.id):
        letter = Letter.objects.get()
        assert sorted(archive.namelist()) == sorted(["index.csv", f"{letter.id}.pdf"])
        assert b"Anna Ek" in archive.read("index.csv")
        pdf = archive.read(f"{letter.id}.pdf")
    assert pdf == desk.get(f"{sent.url}letters/{letter.id}.pdf").content
    done = desk.post(f"{batch}receipt", {"printer": "taken"}, follow=True)
    assert "1 brev har lämnat oss." in words(done)
    assert again(sent).status == "reminder_sent"
    twice = desk.post(f"{batch}receipt", {"printer": "refused"}, follow=True)
    assert "Någon har redan svarat" in words(twice)
    assert again(sent).status == "reminder_sent"


def test_a_batch_lists_its_letters_with_their_state(desk: Client) -> None:
    sent, protected = queued(), queued(debtor={"name": "Hemlig Person"})
    with acting_for(protected.creditor.id):
        Claim.objects.filter(id=protected.claim.id).update(identity_is_protected=True)
    batch = fetched(desk)
    other = queued()

    def listed() -> list[tuple[str, str, str, int | None, str]]:
        rows = desk.get(batch).context["rows"]
        return sorted((row.number, row.recipient, row.creditor, row.pages, row.word) for row in rows)

    def letters(word: str) -> list[tuple[str, str, str, int | None, str]]:
        return sorted(
            [
                (sent.claim.number, "Anna Ek", sent.creditor.name, 1, word),
                (protected.claim.number, "Skyddade personuppgifter", protected.creditor.name, 1, word),
            ]
        )

    assert listed() == letters("I bunten")
    page = desk.get(batch).text
    assert f'href="{sent.url}"' in page
    assert "Hemlig" not in page
    assert other.claim.number not in page
    desk.post(f"{batch}receipt", {"printer": "taken"})
    assert listed() == letters("Lämnat")
    with acting_for(sent.creditor.id):
        refuse_letter(sent.creditor.id, sent.claim.id, reason="flyttat", actor="Ali Berg", today=TODAY, at=NOW)
    assert {row[0]: row[4] for row in listed()}[sent.claim.number] == "Gick inte fram"
    assert "Brevet kom i retur." in words(desk.get(batch))


def test_a_batch_written_to_the_printers_folder_lists_its_letters(desk: Client) -> None:
    sent = queued()
    print_letters(REMINDED)
    (row,) = desk.get(f"/desk/letters/batches/{PrintBatch.objects.get().id}/").context["rows"]
    assert (row.number, row.pages, row.word) == (sent.claim.number, 1, "Lämnat")


def test_many_letters_of_a_batch_are_shown_a_page_at_a_time(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_letters, "ROWS_ON_A_PAGE", 2)
    sent = {queued().claim.number for _ in range(3)}
    batch = fetched(desk)
    first, second = desk.get(batch), desk.get(f"{batch}?page=2")
    assert [len(page.context["rows"]) for page in (first, second)] == [2, 1]
    assert {row.number for page in (first, second) for row in page.context["rows"]} == sent
    assert "1 till 2 av 3" in words(first)
    assert 'rel="next" href="?page=2#h-breven"' in first.text
    assert 'rel="prev" href="?page=1#h-breven"' in second.text
    assert [row.number for row in desk.get(f"{batch}?page=x").context["rows"]] == [
        row.number for row in first.context["rows"]
    ]


def test_a_batch_says_when_a_letter_in_it_must_not_go_any_more(desk: Client) -> None:
    paid, other = queued(), queued()
    batch = fetched(desk)
    assert "avslutats sedan den hämtades" not in words(desk.get(batch))
    with acting_for(paid.creditor.id):
        close_as_paid(paid.creditor.id, paid.claim.id, actor="Maja Lind", today=TODAY, at=NOW)
    assert "1 brev i bunten är för ett ärende som har avslutats sedan den hämtades." in words(desk.get(batch))
    desk.post(f"{batch}receipt", {"printer": "refused"})
    assert "avslutats sedan den hämtades" not in words(desk.get(batch))
    with acting_for(other.creditor.id):
        Delivery.objects.update(next_try_at=NOW)
    desk.post(f"{fetched(desk)}receipt", {"printer": "taken"})
    assert (again(paid).status, again(other).status) == ("paid", "reminder_sent")
    with acting_for(paid.creditor.id):
        assert Letter.objects.get().left_at is None


def test_a_batch_has_no_file_and_no_answer_while_somebody_fills_it(desk: Client) -> None:
    queued()
    batch = fetched(desk)
    PrintBatch.objects.update(leased_until=clock.now() + timedelta(minutes=1))
    assert desk.get(f"{batch[:-1]}.zip").status_code == 404
    page = words(desk.get(batch))
    assert "Bunten hämtas just nu." in page
    assert "Lämnad till tryckeriet" not in page


def test_a_batch_that_the_printer_did_not_take_waits_again(desk: Client) -> None:
    sent = queued()
    batch = fetched(desk)
    done = desk.post(f"{batch}receipt", {"printer": "refused"}, follow=True)
    assert "Breven väntar på nytt." in words(done)
    assert again(sent).status == "reminder_issued"
    with acting_for(sent.creditor.id):
        delivery = Delivery.objects.get()
        assert (delivery.state, delivery.batch_id, delivery.evidence["code"]) == (
            "queued",
            None,
            "printer_did_not_take",
        )
        assert Letter.objects.get().handed_at is None
    assert "inte mottagen" in words(desk.get("/desk/letters/"))
    assert desk.get(f"{batch[:-1]}.zip").status_code == 404


@pytest.fixture
def any_sign_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take claims as before the fonts were looked at."""
    monkeypatch.setattr(claims, "refuse_unprintable", lambda *_: None)


@pytest.mark.usefixtures("any_sign_is_taken")
def test_a_letter_that_cannot_be_drawn_is_refused_and_the_others_are_in_the_batch(desk: Client) -> None:
    unwritable = queued(debtor={"name": "Anna \U00012000 Ek"})
    other = queued()
    batch = fetched(desk)
    zipped = desk.get(f"{batch[:-1]}.zip")
    assert zipped.status_code == 200
    with zipfile.ZipFile(io.BytesIO(zipped.content)) as archive:
        assert len(archive.namelist()) == 2
    assert PrintBatch.objects.get().letter_count == 1
    assert (again(unwritable).status, again(unwritable).needs_person) == ("needs_person", "character_not_covered")
    desk.post(f"{batch}receipt", {"printer": "taken"})
    assert (again(unwritable).status, again(other).status) == ("needs_person", "reminder_sent")
    with acting_for(other.creditor.id):
        assert len(Letter.objects.get().pdf_sha256) == 64


@pytest.mark.usefixtures("any_sign_is_taken")
def test_only_letters_that_cannot_be_drawn_make_no_batch(desk: Client) -> None:
    unwritable = queued(debtor={"name": "Anna \U00012000 Ek"})
    assert "Inget brev får lämna oss just nu" in words(desk.post("/desk/letters/batches/", follow=True))
    assert PrintBatch.objects.count() == 0
    assert again(unwritable).needs_person == "character_not_covered"


def test_letters_of_a_batch_whose_fetching_was_cut_off_wait_again(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = queued()
    monkeypatch.setattr(print_batches, "draw_content", Mock(side_effect=KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        fetch_batch(by="Ali Berg", today=TODAY, at=NOW)
    monkeypatch.undo()
    batch = PrintBatch.objects.get()
    assert desk.get(f"/desk/letters/batches/{batch.id}.zip").status_code == 404
    desk.post(f"/desk/letters/batches/{batch.id}/receipt", {"printer": "taken"})
    assert again(sent).status == "reminder_issued"
    with acting_for(sent.creditor.id):
        assert Letter.objects.get().handed_at is None


def test_letters_that_do_not_get_away_are_told(desk: Client) -> None:
    sent = queued()
    with acting_for(sent.creditor.id):
        Delivery.objects.update(gateway="email", attempts=4)
    PrintBatch.objects.create(created_at=NOW, attempts=4)
    told = {row.item.what: row.item.about for row in desk.get("/desk/").context["waiting"]}
    assert told == {"E-post går inte fram": "1 brev väntar.", "Tryckeriets mapp tar inte emot": "1 bunt väntar."}


def test_an_answer_that_says_nothing_changes_nothing(desk: Client) -> None:
    sent = queued()
    batch = fetched(desk)
    assert desk.post(f"{batch}receipt").status_code == 302
    assert again(sent).status == "reminder_issued"
    assert PrintBatch.objects.get().handed_over_at is None


def test_nothing_to_fetch_is_said(desk: Client) -> None:
    done = desk.post("/desk/letters/batches/", follow=True)
    assert "Inget brev får lämna oss just nu" in words(done)
    assert PrintBatch.objects.count() == 0


def test_a_forgotten_batch_asks_for_an_answer(desk: Client) -> None:
    queued()
    fetched(desk)
    (row,) = desk.get("/desk/").context["waiting"]
    assert row.item.what == "Bunt hämtad men inte lämnad"
    assert row.item.about == "1 brev, hämtade av Case Handler."


def test_letters_are_shown_by_what_became_of_them(desk: Client) -> None:
    sent = queued()
    assert words(desk.get("/desk/letters/")).count("Anna Ek") == 1
    print_letters(REMINDED)
    assert "Anna Ek" not in words(desk.get("/desk/letters/"))
    said = words(desk.get("/desk/letters/?state=accepted"))
    assert "Anna Ek" in said
    assert "Lämnad av Ali Berg." in said
    assert desk.get("/desk/letters/?state=refused").context["rows"] == []
    assert sent.url in desk.get("/desk/letters/?state=accepted").text


def test_letters_that_wait_are_told_in_the_order_of_their_turn_and_others_with_the_newest_answer_first(
    desk: Client,
) -> None:
    sent = [queued() for _ in range(3)]
    for minutes, one in zip((2, 1, 3), sent, strict=True):
        with acting_for(one.creditor.id):
            Delivery.objects.update(next_try_at=NOW + timedelta(minutes=minutes))
    by_turn = [row.url for row in desk.get("/desk/letters/").context["rows"]]
    assert by_turn == [sent[1].url, sent[0].url, sent[2].url]
    for one in sent:
        with acting_for(one.creditor.id):
            (delivery,) = Delivery.objects.all()
            Delivery.objects.update(state="accepted", answered_at=delivery.next_try_at)
    assert [row.url for row in desk.get("/desk/letters/?state=accepted").context["rows"]] == by_turn[::-1]


# ---- Caught e-mails -----------------------------------------------------------------------------------------------


def test_a_caught_email_is_seen_as_it_would_have_gone(desk: Client) -> None:
    from punktlig.agency.gateways.email_gateway import CaughtEmail, Sender  # noqa: PLC0415
    from punktlig.agency.jobs.deliver_letters import Ways, deliver_letters  # noqa: PLC0415

    creditor = make_creditor()
    Creditor.objects.update(sends_by_email=True)
    creditor.refresh_from_db()
    sent = send(creditor, TODAY - timedelta(days=2))
    remind(creditor, REMINDED)
    ways = Ways(email=CaughtEmail(Sender("Ekviken Ombud AB", "hej@ekviken.example")), print_folder=None)
    deliver_letters(clock=lambda: moment(REMINDED, 10), ways=ways)
    (mail,) = desk.get("/desk/letters/mails/").context["mails"]
    assert mail.to == "anna.ek@example.com"
    page = desk.get(f"/desk/letters/mails/{mail.creditor_id}/{mail.id}/")
    said = words(page)
    assert "hej@ekviken.example" in said
    assert sent.claim.number in said
    assert f"paminnelse-{sent.claim.number}.pdf" in said
    file = desk.get(f"/desk/letters/mails/{mail.creditor_id}/{mail.id}.eml")
    assert b"Subject:" in file.content
    assert file["Cache-Control"] == "private, no-store"
    with acting_for(creditor.id):
        Claim.objects.update(identity_is_protected=True)
    assert "anna.ek@example.com" not in desk.get("/desk/letters/mails/").text
    assert desk.get(f"/desk/letters/mails/{mail.creditor_id}/{uuid4()}/").status_code == 404
