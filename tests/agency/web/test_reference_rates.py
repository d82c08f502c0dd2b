"""Reference rates at the desk: who may see and add them, what is shown before, and that two people do it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import translation

from punktlig import clock
from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.records import reference_rates as known
from punktlig.agency.records.models import AddedRate
from punktlig.agency.web.rate_words import own_source_words
from punktlig.core.added_rates import disagreements
from punktlig.core.late_rate import KNOWN_RATES
from punktlig.core.statutes.reference_rates import REFERENCE_RATES, ReferenceRate
from tests.agency.people import again, logged_in, moment, person, send
from tests.agency.rates import add, administrator, enter, rate
from tests.agency.samples import make_creditor

if TYPE_CHECKING:
    from django.test import Client

    from punktlig.tenancy.models import User

pytestmark = pytest.mark.django_db

RATES, NEW = "/desk/rates/", "/desk/rates/new/"
FOURTH = date(2027, 1, 4)
SOURCE = "https://www.riksbank.se/referensranta, SFS 2026:1400"
PAGES = [RATES, NEW]


def at(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(day.year, day.month, day.day, 9, tzinfo=UTC))


@pytest.fixture(autouse=True)
def new_year(monkeypatch: pytest.MonkeyPatch, today: None) -> None:  # noqa: ARG001 - after the folder's own
    at(monkeypatch, FOURTH)


@pytest.fixture
def ada() -> User:
    return administrator("Ada Lind")


@pytest.fixture
def bo() -> User:
    return administrator("Bo Sund")


def words(response: Any) -> str:
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))
    return text.replace("\u00a0", " ").replace("&nbsp;", " ")


def to_do(client: Client) -> list[str]:
    return [row.item.what for row in client.get("/desk/").context["waiting"]]


# ---- Who ------------------------------------------------------------------------------------------------------------


def test_for_creditors_people_and_strangers_there_is_no_such_page(ada: User) -> None:
    entered = enter(ada, today=FOURTH)
    creditor = make_creditor()
    answers = [f"{RATES}{entered.id}/approval", f"{RATES}{entered.id}/withdrawal"]
    for role in ("creditor_admin", "creditor_reader", "nobody"):
        client = logged_in(person(role, creditor))
        for page in (*PAGES, *answers):
            assert client.get(page).status_code == 404, (role, page)
        for page in (NEW, *answers):
            assert client.post(page, {"step": "enter", "read": "on"}).status_code == 404, (role, page)
    assert AddedRate.objects.get().waits


def test_a_case_handler_reads_and_changes_nothing(ada: User) -> None:
    entered = enter(ada, today=FOURTH)
    client = logged_in(person("case_handler"))
    said = words(client.get(RATES))
    assert "2,50 % för 1 januari–30 juni 2027 väntar på godkännande" in said
    assert "Läs efter och godkänn" not in said
    for page in (NEW, f"{RATES}{entered.id}/approval", f"{RATES}{entered.id}/withdrawal"):
        assert client.get(page).status_code == client.post(page, {"read": "on"}).status_code == 404
    assert AddedRate.objects.get().waits


# ---- Adding ---------------------------------------------------------------------------------------------------------


def test_a_rate_is_shown_with_its_effect_before_it_is_entered_and_then_approved_by_another(ada: User, bo: User) -> None:
    creditor = make_creditor()
    sent = send(creditor, date(2027, 1, 2))
    run_daily_round(today=FOURTH, at=moment(FOURTH, 6))
    assert again(sent).needs_person == "rate_unknown"
    first, second = logged_in(ada), logged_in(bo)
    assert "1 ärende väntar på räntan." in words(first.get(RATES))

    shown = words(first.post(NEW, {"step": "look", "percent": "2,5", "source": SOURCE}))
    assert "Gäller 1 januari–30 juni 2027" in shown
    assert "Referensränta 2,50 % 0,50 procentenheter högre än halvåret före." in shown
    assert "Dröjsmålsränta 10,50 %" in shown
    assert "1 ärende väntar på räntan." in shown
    assert not AddedRate.objects.exists()

    told = {"step": "enter", "half_year": "2027-01-01", "percent": "2,5", "source": SOURCE}
    entered = first.post(NEW, told, follow=True)
    assert entered.redirect_chain == [(RATES, 302)]
    said = words(entered)
    assert "Räntan är inlagd." in said
    assert "Någon annan administratör än du" in said
    kept = AddedRate.objects.get()
    assert (str(kept.percent), kept.source, kept.entered_by) == ("2.50", SOURCE, ada)

    approval = f"{RATES}{kept.id}/approval"
    assert "Du lade själv in räntan." in words(first.get(approval))
    own = words(first.post(approval, {"read": "on"}, follow=True))
    assert "Räntan lades in av Ada Lind och ska godkännas av någon annan." in own
    assert "Läs efter och godkänn" in words(second.get(RATES))
    unread = second.post(approval)
    assert unread.status_code == 200
    assert "Kryssa i rutan" in words(unread)
    assert AddedRate.objects.get().waits
    done = second.post(approval, {"read": "on"}, follow=True)
    assert "Räntan gäller nu." in words(done)
    assert "Inlagd av Ada Lind, godkänd av Bo Sund" in words(done)
    assert "Kända till och med 30 juni 2027." in words(done)
    assert "Någon har redan svarat" in words(second.get(approval, follow=True))

    run_daily_round(today=FOURTH, at=moment(FOURTH, 10))
    assert again(sent).needs_person == ""
    assert "Referensräntan är inte beslutad" not in to_do(second)


@pytest.mark.parametrize(
    ("percent", "source", "said"),
    [
        ("", SOURCE, "Fyll i det här."),
        ("två", SOURCE, "Skriv procenten med siffror"),
        ("1e9", SOURCE, "Skriv procenten med siffror"),
        ("NaN", SOURCE, "Skriv procenten med siffror"),
        ("2,25", SOURCE, "2,25 % är inte en hel eller halv procent."),
        ("250", SOURCE, "ligger utanför vad en referensränta rimligen kan vara"),
        ("2,50", "  ", "Fyll i det här."),
    ],
)
def test_what_cannot_be_right_is_told_at_its_field(ada: User, percent: str, source: str, said: str) -> None:
    page = logged_in(ada).post(NEW, {"step": "look", "percent": percent, "source": source})
    assert page.status_code == 200
    assert said in words(page)
    assert "Lägg in räntan" not in words(page)
    assert not AddedRate.objects.exists()


@pytest.mark.parametrize(("written", "stored"), [("2,5 %", "2.50"), ("\u22120,50", "-0.50"), (" 3 ", "3.00")])
def test_a_percentage_is_read_as_people_write_it(ada: User, written: str, stored: str) -> None:
    logged_in(ada).post(NEW, {"step": "enter", "half_year": "2027-01-01", "percent": written, "source": SOURCE})
    assert str(AddedRate.objects.get().percent) == stored


def test_a_large_change_is_pointed_out(ada: User) -> None:
    page = logged_in(ada).post(NEW, {"step": "look", "percent": "5,00", "source": SOURCE})
    assert "Så stor har ändringen aldrig varit" in words(page)
    assert "Lägg in räntan" in words(page)


def test_somebody_may_go_back_and_change_what_they_wrote(ada: User) -> None:
    page = logged_in(ada).post(NEW, {"step": "change", "percent": "2,50", "source": SOURCE})
    assert 'value="2,50"' in page.text
    assert SOURCE in page.text
    assert not AddedRate.objects.exists()


def test_a_form_of_another_half_year_enters_nothing(ada: User) -> None:
    add()
    told = {"step": "enter", "half_year": "2027-01-01", "percent": "2,50", "source": SOURCE}
    logged_in(ada).post(NEW, told)
    assert AddedRate.objects.count() == 1


def test_two_who_enter_at_once_leave_one(ada: User, bo: User) -> None:
    told = {"step": "enter", "half_year": "2027-01-01", "percent": "2,50", "source": SOURCE}
    logged_in(ada).post(NEW, told)
    second = logged_in(bo).post(NEW, told | {"percent": "3,00"}, follow=True)
    assert "väntar redan på godkännande: 2,50 %" in words(second)
    assert AddedRate.objects.count() == 1


def test_a_rate_can_be_taken_back_until_it_is_approved(ada: User, bo: User) -> None:
    entered = enter(ada, today=FOURTH)
    withdrawal = f"{RATES}{entered.id}/withdrawal"
    assert "Den står kvar bland de tillbakatagna." in words(logged_in(bo).get(withdrawal))
    done = logged_in(ada).post(withdrawal, follow=True)
    assert "Tillbakatagna" in words(done)
    again_told = logged_in(bo).post(f"{RATES}{entered.id}/approval", {"read": "on"}, follow=True)
    assert "Någon har redan svarat för räntan." in words(again_told)
    assert AddedRate.objects.get().approved_at is None


def test_a_source_is_text_and_its_addresses_are_links(ada: User) -> None:
    told = {"step": "enter", "half_year": "2027-01-01", "percent": "2", "source": "<b>https://www.riksbank.se/r</b>"}
    page = logged_in(ada).post(NEW, told, follow=True)
    assert "&lt;b&gt;" in page.text
    assert 'href="https://www.riksbank.se/r' in page.text


# ---- When -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "asked", "said"),
    [
        (date(2026, 11, 30), [], "kan läggas till från 18 december"),
        (date(2026, 12, 1), ["Nästa halvårs referensränta"], "kan läggas till från 18 december"),
        (date(2026, 12, 18), ["Nästa halvårs referensränta"], "Räntan för 1 januari–30 juni 2027 saknas."),
        (FOURTH, ["Nästa halvårs referensränta"], "Räntan för 1 januari–30 juni 2027 saknas."),
    ],
)
def test_administrators_are_told_in_good_time(
    ada: User, monkeypatch: pytest.MonkeyPatch, day: date, asked: list[str], said: str
) -> None:
    at(monkeypatch, day)
    client = logged_in(ada)
    assert to_do(client) == asked
    assert said in words(client.get(RATES))
    may_enter = day >= date(2026, 12, 18)
    assert (NEW in client.get(RATES).text) is may_enter
    assert ("Vad Riksbanken har fastställt" in words(client.get(NEW))) is may_enter
    assert to_do(logged_in(person("case_handler"))) == []


def test_before_its_time_a_rate_is_refused_however_it_is_posted(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, date(2026, 12, 17))
    told = {"step": "enter", "half_year": "2027-01-01", "percent": "2,50", "source": SOURCE}
    logged_in(ada).post(NEW, told)
    assert not AddedRate.objects.exists()


def test_an_entered_rate_waits_on_the_list_and_an_approved_one_leaves_it(ada: User, bo: User) -> None:
    entered = enter(ada, today=FOURTH)
    client = logged_in(bo)
    assert to_do(client) == ["Referensränta att godkänna"]
    page = client.get("/desk/")
    assert "2,50 % för 1 januari–30 juni 2027, inlagd av Ada Lind." in words(page)
    assert f"{RATES}{entered.id}/approval" in page.text
    client.post(f"{RATES}{entered.id}/approval", {"read": "on"})
    assert to_do(client) == []


def test_a_release_that_disagrees_is_told_loudly(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    add()
    released = KNOWN_RATES.adding(rate("3.00"))
    monkeypatch.setattr(known, "disagreements", lambda added: disagreements(added, released))
    client = logged_in(ada)
    assert to_do(client) == ["Två räntor för samma halvår"]
    assert "Här godkändes 2,50 %, men programmet känner nu 3,00 %" in words(client.get(RATES))


def test_the_pages_are_there_in_english(ada: User) -> None:
    enter(administrator("Bo Sund"), today=FOURTH)
    ada.language = "en"
    ada.save()
    client = logged_in(ada)
    client.cookies["agency_language"] = "en"
    said = words(client.get(RATES))
    assert "Reference rates" in said
    assert "1 January–30 June 2027" in said


@pytest.mark.parametrize("row", REFERENCE_RATES, ids=lambda row: row.valid_from.isoformat())
def test_a_rate_of_the_program_says_where_it_is_from_in_the_words_of_the_page(row: ReferenceRate) -> None:
    with translation.override("sv"):
        words = own_source_words(row)
    if "SECONDARY ONLY" in row.source:
        assert words.startswith("Följer med programmet")
    else:
        assert words == "Riksbankens tabell" or words.startswith("SFS ")
