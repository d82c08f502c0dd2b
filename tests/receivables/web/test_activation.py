"""The wizard that switches reminder handling on: each step, what it refuses, and that it writes once, at the end."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db.models import F
from django.template.loader import get_template

from punktlig.receivables.records.models import Activation, Company, TermsVersion
from punktlig.receivables.web.activation_example import examples_of
from punktlig.tenancy.context import acting_for
from tests.receivables.sending_samples import NOW, TODAY, make_activation, make_terms, make_user
from tests.receivables.web.conftest import browser

if TYPE_CHECKING:
    from typing import Any

    from tests.receivables.web.conftest import Browser

pytestmark = pytest.mark.django_db

CONTACT = {
    "contact_name": "Maja Lind",
    "contact_email": "maja@lillsjon.example",
    "contact_telephone": "08-465 004 12",
    "account_kind": "bankgiro",
    "account_number": "5050-1055",
    "debt_text": "Snickeriarbete",
}
FEES = {
    "fee": "yes",
    "fee_since": "2024-01-01",
    "due": "yes",
    "due_since": "1 mars 2024",
    "warns": "no",
    "trader_charge": "late_payment_compensation",
}
VERSION = "2026-1"


@pytest.fixture(autouse=True)
def the_terms_of_2026(db: None) -> TermsVersion:  # noqa: ARG001
    """Offer the terms that the migration offers; tests that commit empty every table."""
    return TermsVersion.objects.get_or_create(
        version=VERSION, defaults={"valid_from": "2026-01-01", "sha256": sha256_of(VERSION)}
    )[0]


def sha256_of(version: str) -> str:
    templates: list[Any] = [get_template(f"receivables/terms/{version}.{language}.html") for language in ("sv", "en")]
    return hashlib.sha256(b"".join(Path(one.origin.name).read_bytes() for one in templates)).hexdigest()


def text_of(response: Any) -> str:
    words = re.sub(r"<[^>]+>", " ", response.content.decode().split("<main")[1])
    return " ".join(words.replace("\u00a0", " ").split())


def place_of(response: Any) -> str:
    """Return where the answer leads, after the company's own address."""
    assert response.status_code == 302, text_of(response)
    return str(response.headers["location"]).split("/", 3)[3]


def go_through(person: Browser, *, fees: dict[str, str] = FEES) -> None:
    assert place_of(person.post("company/activation/contact/", CONTACT)) == "company/activation/fees/"
    assert place_of(person.post("company/activation/fees/", fees)) == "company/activation/terms/"


def accept(person: Browser, version: str = VERSION) -> Any:
    return person.post("company/activation/terms/", {"version": version, "accepts": "on"})


def activations(person: Browser) -> list[Activation]:
    with acting_for(person.company.id):
        return list(Activation.objects.order_by(F("ended_at").asc(nulls_last=True)))


def test_the_steps_lead_to_one_activation_with_the_answers(newcomer: Browser) -> None:
    page = newcomer.get("company/activation/")
    assert f'href="{newcomer.url("company/activation/contact/")}"' in page.content.decode()
    assert "Du gör det här en gång." in text_of(page)
    go_through(newcomer)
    assert activations(newcomer) == []
    page = text_of(newcomer.get("company/activation/terms/"))
    for words in ("Bankgiro 5050-1055", "Ja, avtalad sedan 1 januari 2024", "Ja, sedan 1 mars 2024", "Snickeriarbete",
                  "Förseningsersättning, 450,00 kr", "Villkor för påminnelse, version 2026-1",
                  "25 november 2026"):  # fmt: skip
        assert words in page
    assert place_of(accept(newcomer)) == "company/"
    (made,) = activations(newcomer)
    assert (made.contact_name, made.account_kind, made.account_number) == ("Maja Lind", "bankgiro", "50501055")
    assert (str(made.reminder_fee_agreed_since), str(made.due_date_agreed_since)) == ("2024-01-01", "2024-03-01")
    assert (made.invoices_warn_of_interest, made.trader_charge) == (False, "late_payment_compensation")
    assert (made.terms_id, made.accepted_by, made.accepted_at, made.state) == (
        VERSION, newcomer.user, NOW, "activating",
    )  # fmt: skip
    assert "har inte svarat än" in text_of(newcomer.get("company/"))


def test_consumers_abroad_are_charged_nothing_unless_the_company_says_so(newcomer: Browser) -> None:
    newcomer.post("company/activation/contact/", CONTACT)
    page = newcomer.get("company/activation/fees/")
    assert re.search(r'name="abroad"\s+value="no"[^>]*checked', page.content.decode())
    assert "Tvingande konsumentskydd i kundens eget land kan gälla" in text_of(page)
    # There are no settings yet in which it could have been chosen.
    assert "En konsument utomlands betalar ingen avgift om ni inte väljer det." in text_of(page)
    assert "i inställningarna" not in text_of(page)
    # An answer that is left out, as by a page of the release before, is no.
    go_through(newcomer)
    assert "Betalar varken avgift eller ränta" in text_of(newcomer.get("company/activation/terms/"))
    accept(newcomer)
    assert "Betalar varken avgift eller ränta" in text_of(newcomer.get("company/"))
    example = newcomer.client.get(newcomer.url("company/activation/fees/example/"), FEES | {"abroad": "no"})
    assert "En konsument utomlands betalar ingen ränta om ni inte väljer det." in " ".join(example.text.split())
    go_through(newcomer, fees=FEES | {"abroad": "yes"})
    assert "Betalar avgift och ränta som andra" in text_of(newcomer.get("company/activation/terms/"))
    accept(newcomer)
    assert "Betalar avgift och ränta som andra" in text_of(newcomer.get("company/"))
    assert [one.charges_consumers_abroad for one in activations(newcomer)] == [False, True]
    fees = newcomer.get("company/activation/fees/").content.decode()
    assert re.search(r'name="abroad"\s+value="yes"[^>]*checked', fees)


@pytest.mark.parametrize(
    ("swedish", "english", "shown"),
    [
        ("Snickeriarbete", "Joinery work", "Snickeriarbete På engelska: Joinery work"),
        ("Snickeriarbete", "", "Snickeriarbete På engelska: Fakturans egna rader"),
        ("", "Joinery work", "Fakturans egna rader På engelska: Joinery work"),
        ("", "", "Skulden avser Fakturans egna rader"),
    ],
)
def test_what_debts_are_for_is_told_in_either_language(
    newcomer: Browser, swedish: str, english: str, shown: str
) -> None:
    told = CONTACT | {"debt_text": swedish, "debt_text_in_english": english}
    newcomer.post("company/activation/contact/", told)
    newcomer.post("company/activation/fees/", FEES)
    assert shown in text_of(newcomer.get("company/activation/terms/"))
    accept(newcomer)
    page = text_of(newcomer.get("company/"))
    assert shown in page
    assert ("På engelska" in page) is bool(swedish or english)
    (made,) = activations(newcomer)
    assert (made.debt_text, made.debt_text_in_english) == (swedish, english)


def test_the_first_step_knows_what_the_company_has_told_before(newcomer: Browser) -> None:
    Company.objects.filter(id=newcomer.company.id).update(bankgiro="50501055", telephone="08-465 004 10")
    page = newcomer.get("company/activation/contact/").content.decode()
    for value in ("Maja Lind", newcomer.user.email, "5050-1055", "08-465 004 10"):
        assert f'value="{value}"' in page


@pytest.mark.parametrize(
    ("kind", "number", "words"),
    [
        ("bankgiro", "5050-1056", "Det är inget bankgironummer"),
        ("bankgiro", "hej", "Det är inget bankgironummer"),
        ("plusgiro", "1234-0", "Det är inget plusgironummer"),
        ("iban", "SE35 5000 0000 0549 1000 0004", "Det är inget IBAN"),
        ("bankgiro", "", "Fyll i det här."),
        ("swish", "123 456", "Välj"),
    ],
)
def test_a_wrong_account_is_found_before_money_goes_astray(
    newcomer: Browser, kind: str, number: str, words: str
) -> None:
    told = CONTACT | {"account_kind": kind, "account_number": number}
    response = newcomer.post("company/activation/contact/", told)
    assert response.status_code == 422
    assert words in text_of(response)
    assert place_of(newcomer.get("company/activation/fees/")) == "company/activation/contact/"


@pytest.mark.parametrize(
    ("kind", "number", "kept"),
    [("plusgiro", "28 65 43-4", "2865434"), ("iban", "se45 5000 0000 0583 9825 7466", "SE4550000000058398257466")],
)
def test_other_accounts_are_kept_without_spaces(newcomer: Browser, kind: str, number: str, kept: str) -> None:
    newcomer.post("company/activation/contact/", CONTACT | {"account_kind": kind, "account_number": number})
    newcomer.post("company/activation/fees/", FEES)
    accept(newcomer)
    assert [(one.account_kind, one.account_number.upper()) for one in activations(newcomer)] == [(kind, kept)]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"fee_since": ""}, "Avgiften står i villkoren sedan: Skriv från vilken dag."),
        ({"due_since": " "}, "Förfallodagen är avtalad sedan: Skriv från vilken dag."),
        ({"fee_since": "i våras"}, "Skriv dagen som 2026-11-25"),
        ({"fee_since": "2026-11-26"}, "Välj 25 november 2026 eller en tidigare dag."),
        ({"fee": ""}, "Välj ett av svaren."),
        ({"warns": ""}, "Välj ett av svaren."),
        ({"trader_charge": "everything"}, "Välj"),
    ],
)
def test_a_fee_or_due_date_that_is_agreed_is_so_since_a_day(
    newcomer: Browser, changes: dict[str, str], words: str
) -> None:
    newcomer.post("company/activation/contact/", CONTACT)
    response = newcomer.post("company/activation/fees/", FEES | changes)
    assert response.status_code == 422
    assert words in text_of(response)
    assert "Med dina svar" in text_of(response)


@pytest.mark.parametrize("answer", ["no", "unsure"])
def test_what_is_not_agreed_has_no_day_whatever_stands_in_its_field(newcomer: Browser, answer: str) -> None:
    go_through(newcomer, fees=FEES | {"fee": answer, "due": answer, "fee_since": "2024-01-01", "due_since": "i går"})
    accept(newcomer)
    (made,) = activations(newcomer)
    assert (made.reminder_fee_agreed_since, made.due_date_agreed_since) == (None, None)


def test_answers_are_kept_between_the_steps(newcomer: Browser) -> None:
    go_through(newcomer)
    contact = newcomer.get("company/activation/contact/").content.decode()
    assert 'value="Snickeriarbete"' in contact
    fees = newcomer.get("company/activation/fees/").content.decode()
    assert re.search(r'name="fee"\s+value="yes"[^>]*checked', fees)
    assert 'value="1 mars 2024"' in fees


def test_a_step_cannot_be_passed_by(newcomer: Browser) -> None:
    assert place_of(newcomer.get("company/activation/fees/")) == "company/activation/contact/"
    assert place_of(accept(newcomer)) == "company/activation/contact/"
    newcomer.post("company/activation/contact/", CONTACT)
    assert place_of(accept(newcomer)) == "company/activation/fees/"
    assert activations(newcomer) == []


def test_the_terms_must_be_accepted(newcomer: Browser) -> None:
    go_through(newcomer)
    response = newcomer.post("company/activation/terms/", {"version": VERSION})
    assert response.status_code == 422
    assert "Kryssa i rutan för att gå vidare." in text_of(response)
    assert activations(newcomer) == []


def test_terms_that_change_while_they_are_read_are_shown_anew(
    newcomer: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_through(newcomer)
    make_terms("2026-99", TODAY)
    monkeypatch.setattr(
        "punktlig.receivables.web.activation.terms_template", lambda _version: f"receivables/terms/{VERSION}.sv.html"
    )
    response = accept(newcomer)
    assert response.status_code == 422
    assert "Villkoren har ändrats medan du läste." in response.content.decode()
    assert 'name="version" value="2026-99"' in response.content.decode()
    assert activations(newcomer) == []
    assert place_of(accept(newcomer, "2026-99")) == "company/"
    assert [one.terms_id for one in activations(newcomer)] == ["2026-99"]


def test_a_double_click_makes_one_activation_and_leads_to_the_same_page(newcomer: Browser) -> None:
    go_through(newcomer)
    assert place_of(accept(newcomer)) == place_of(accept(newcomer)) == "company/"
    assert len(activations(newcomer)) == 1


def test_another_person_has_answers_of_their_own(newcomer: Browser) -> None:
    go_through(newcomer)
    colleague = browser(newcomer.company, make_user(newcomer.company))
    assert place_of(colleague.get("company/activation/terms/")) == "company/activation/contact/"


def test_nothing_is_asked_again_until_the_terms_change(sales: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    with acting_for(sales.company.id):
        Activation.objects.update(account_number="50501055")
    assert place_of(sales.get("company/activation/terms/")) == "company/"
    make_terms("2026-99", TODAY)
    monkeypatch.setattr(
        "punktlig.receivables.web.activation.terms_template", lambda _version: f"receivables/terms/{VERSION}.sv.html"
    )
    page = text_of(sales.get("company/activation/terms/"))
    assert "version 2026-99" in page
    assert "Ja, avtalad sedan 1 januari 2024" in page
    assert place_of(accept(sales, "2026-99")) == "company/"
    first, second = activations(sales)
    assert (first.state, second.state, second.terms_id) == ("ended", "activating", "2026-99")
    assert second.reminder_fee_agreed_since == first.reminder_fee_agreed_since


def test_answers_may_be_changed_later(sales: Browser) -> None:
    with acting_for(sales.company.id):
        Activation.objects.update(account_number="50501055", terms=VERSION)
        TermsVersion.objects.exclude(version=VERSION).delete()
    contact = sales.get("company/activation/contact/").content.decode()
    assert 'value="snickeriarbete"' in contact
    go_through(sales, fees=FEES | {"fee": "no"})
    accept(sales)
    first, second = activations(sales)
    assert (first.state, second.reminder_fee_agreed_since) == ("ended", None)


@pytest.mark.parametrize("step", ["", "contact/", "fees/", "fees/example/", "terms/"])
def test_a_reader_may_not_activate_and_another_company_is_not_there(
    newcomer: Browser, reader: Browser, stranger: Browser, step: str
) -> None:
    path = f"company/activation/{step}"
    assert reader.get(path).status_code == 403
    assert reader.post(path, CONTACT | FEES).status_code in (403, 405)
    assert stranger.client.get(newcomer.url(path)).status_code == 404


def test_a_reader_cannot_accept(reader: Browser) -> None:
    assert accept(reader).status_code == 403
    assert activations(reader) == []


def test_the_example_follows_the_answers() -> None:
    def sums(**answers: str) -> list[tuple[int, int, int]]:
        each = examples_of(answers, today=TODAY).each
        return [(example.rows[0].ore, example.rows[1].ore, example.rows[-1].ore) for example in each]

    # Ten thousand kronor at 10 per cent for the 20 days from 6 to 25 November: 54.79.
    agreed = {"fee": "yes", "due": "yes", "warns": "no"}
    abroad = (0, 0, 10_000_00)
    assert sums(**agreed, trader_charge="nothing") == [(60_00, 54_79, 10_114_79), (0, 54_79, 10_054_79), abroad]
    assert sums(**agreed, abroad="yes")[2] == sums(**agreed)[0]
    assert sums(**agreed, trader_charge="reminder_fee")[1] == (60_00, 54_79, 10_114_79)
    assert sums(**agreed, trader_charge="late_payment_compensation")[1] == (450_00, 54_79, 10_504_79)
    # Interest Act (1975:635) s. 4: of a consumer with no agreed due date only when the invoice warned.
    assert sums(fee="no", due="no", warns="no")[0] == (0, 0, 10_000_00)
    assert sums(fee="no", due="no", warns="yes")[0] == (0, 54_79, 10_054_79)
    assert sums(fee="no", due="no", warns="no")[1] == (0, 54_79, 10_054_79)
    assert sums() == sums(fee="unsure", due="unsure", warns="no", trader_charge="nonsense")


def test_the_example_is_due_on_a_bank_day_and_left_out_when_the_rate_is_not_known() -> None:
    examples = examples_of({}, today=TODAY + timedelta(days=3))  # twenty days before the Saturday is a Sunday
    assert examples.days_late == 22
    assert examples_of({}, today=TODAY.replace(year=2027, month=2)).each == ()


def test_the_example_comes_anew_when_an_answer_changes(newcomer: Browser) -> None:
    page = newcomer.client.get(newcomer.url("company/activation/fees/example/"), {"fee": "yes", "due": "yes"})
    assert "10 114,79 kr" in text_of_part(page)


def text_of_part(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\u00a0", " ").split())


def test_the_terms_are_the_texts_that_were_accepted(the_terms_of_2026: TermsVersion) -> None:
    """A change of either text would change what somebody has accepted: it is a new version with a file of its own."""
    migration = import_module("punktlig.receivables.records.migrations.0005_offer_the_terms_of_2026")
    assert sha256_of(VERSION) == migration.SHA256
    assert the_terms_of_2026.sha256 == migration.SHA256


def test_accepted_terms_can_be_read_for_ever(sales: Browser, reader: Browser, stranger: Browser) -> None:
    with acting_for(sales.company.id):
        Activation.objects.all().delete()
        make_activation(sales.company, sales.user, terms_id=VERSION, terms=TermsVersion.objects.get(version=VERSION))
    page = text_of(reader.get(f"company/terms/{VERSION}/"))
    assert "Godkända av Maja Lind 25 november kl. 10.30." in page
    assert "Borgenären lämnar förfallna fakturor till ombudet" in page
    assert reader.get("company/terms/1999-1/").status_code == 404
    assert "Inte godkända av er." in text_of(stranger.get(f"company/terms/{VERSION}/"))
