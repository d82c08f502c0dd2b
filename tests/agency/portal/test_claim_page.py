"""The claim on any chosen day: the sum, its lines, the chart and its table, what may be done."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from punktlig.agency.actions.closing import refuse_letter
from punktlig.agency.records.models import Claim, ClaimEvent, Delivery, Letter
from punktlig.core.money import Money
from punktlig.exchange.messages import Address, SubmittedLine
from punktlig.tenancy.context import acting_for
from tests.agency.people import again, logged_in, pay, person, print_letters, remind, send
from tests.agency.samples import NOW, TODAY, make_creditor

if TYPE_CHECKING:
    from django.test import Client

    from tests.agency.people import Sent

pytestmark = pytest.mark.django_db

RECEIVED = TODAY - timedelta(days=56)
REMINDED = TODAY - timedelta(days=55)
PAID = TODAY - timedelta(days=26)


@pytest.fixture
def sent() -> Sent:
    """48 250 kr due on 16 September, reminded on 1 October, of which 20 000 kr came on 30 October."""
    sent = send(make_creditor(), RECEIVED, payable="48250.00", due_date=date(2026, 9, 16), number="20388")
    remind(sent.creditor, REMINDED)
    print_letters(REMINDED)
    pay(sent, "20000.00", PAID)
    return sent


@pytest.fixture
def client(sent: Sent) -> Client:
    return logged_in(person("creditor_admin", sent.creditor))


def on(client: Client, sent: Sent, day: str = "") -> Any:
    return client.get(sent.url + (f"?day={day}" if day else ""))


def words(response: Any) -> str:
    """What the page says, without its tags."""
    text = re.sub(r"<[^>]+>", " ", response.text)
    return re.sub(r"\s+", " ", text)


ABROAD = {"address": Address(lines=("Skogveien 3",), postcode="0150", town="Oslo", country="NO")}


@pytest.mark.parametrize("role", ["creditor_admin", "case_handler"])
def test_a_consumer_abroad_pays_no_interest_and_the_page_says_why_and_what_changes_it(role: str) -> None:
    sent = send(make_creditor(), RECEIVED, debtor=ABROAD)
    said = words(on(logged_in(person(role, sent.creditor)), sent))
    assert "Ingen ränta läggs till: kunden är en konsument utomlands." in said
    assert "eftersom borgenären inte hade valt det när fakturan skickades hit" in said
    assert "gäller fakturor som skickas därefter" in said
    assert "Ränta räknas på faktiska dagar" not in said


def test_a_consumer_abroad_whose_creditor_has_chosen_so_pays_as_others_do() -> None:
    sent = send(make_creditor(), RECEIVED, debtor=ABROAD, terms={"charges_consumers_abroad": True})
    said = words(on(logged_in(person("creditor_admin", sent.creditor)), sent))
    assert "Växer med" in said
    assert "utomlands" not in said


def test_a_consumer_found_abroad_after_the_handover_is_told_of_as_one(client: Client, sent: Sent) -> None:
    with acting_for(sent.creditor.id):
        refuse_letter(sent.creditor.id, sent.claim.id, reason="flyttat", actor="Ali Berg", today=TODAY, at=NOW)
    assert "utomlands" not in words(on(client, sent))
    told = {"street": "Skogveien 3", "postcode": "0150", "town": "Oslo", "country": "NO"}
    done = client.post(f"{sent.url}address", told, follow=True)
    assert "Ingen ränta läggs till: kunden är en konsument utomlands." in words(done)


def test_a_consumer_who_was_not_warned_pays_no_interest_and_the_page_says_why() -> None:
    terms = {"start": "after-demand", "demand_sent": RECEIVED - timedelta(days=60), "warned_of_interest": False}
    sent = send(make_creditor(), RECEIVED, terms=terms)
    said = words(on(logged_in(person("creditor_admin", sent.creditor)), sent))
    assert "Ingen ränta läggs till: fakturan varnade inte för ränta." in said
    assert "4 § räntelagen" in said


def test_what_the_invoice_is_for_begins_as_a_sentence_does() -> None:
    sent = send(make_creditor(), RECEIVED, lines=(SubmittedLine(text="joinery work"),))
    said = words(on(logged_in(person("creditor_admin", sent.creditor)), sent))
    assert "Joinery work. Förföll" in said


def test_the_sum_of_today_is_explained_line_by_line(client: Client, sent: Sent) -> None:
    page = on(client, sent)
    lines = page.context["lines"]
    # 48 250 x 10 % x 44 / 365 = 581.64; less 20 000 leaves 28 891.64, x 10 % x 26 / 365 = 205.80.
    assert [(line.what, line.amount) for line in lines] == [
        ("Faktura 20388", Money(4_825_000)),
        ("Dröjsmålsränta", Money(58_164)),
        ("Påminnelseavgift", Money(6_000)),
        ("Inbetalning", Money(-2_000_000)),
        ("Dröjsmålsränta", Money(20_580)),
    ]
    assert Money.total(line.amount for line in lines) == page.context["balance"].total == Money(2_909_744)
    said = words(page)
    assert "Skulden den 25 november 2026" in said
    assert "29 097,44" in said
    assert "Växer med 7,92 kr om dagen." in said
    assert "6 § räntelagen. Referensränta 2,00 % + 8. På 48 250,00 kr." in said
    assert "Lag (1981:739) 2 §. Avtalad i borgenärens villkor sedan 1 januari 2024." in said
    assert "Kostnader 60,00, ränta 581,64, kapital 19 358,36." in said
    assert "Av skulden är 28 891,64 kapital och 205,80 ränta." in said


@pytest.mark.parametrize(
    ("typed", "total"),
    [
        ("2026-11-26", 2_910_536),
        ("20261126", 2_910_536),
        ("26 november", 2_910_536),
        ("2026-10-29", 4_887_842),
        ("2026-10-30", 2_889_164),
        ("2026-09-16", 4_825_000),
        ("2026-08-17", 4_825_000),
    ],
)
def test_any_day_can_be_asked_for(client: Client, sent: Sent, typed: str, total: int) -> None:
    page = on(client, sent, typed)
    assert page.context["balance"].total == Money(total)
    assert Money.total(line.amount for line in page.context["lines"]) == Money(total)


@pytest.mark.parametrize("typed", ["igår", "2026-13-01", "2026-02-30", "9999-01-01", "0001-01-01", "<b>"])
def test_what_is_no_day_is_refused_with_a_way_to_write_one(client: Client, sent: Sent, typed: str) -> None:
    page = on(client, sent, typed)
    assert page.status_code == 200
    assert page.context["balance"].day == TODAY
    assert 'aria-invalid="true"' in page.text
    assert page.context["chosen"].problem
    assert "<b>" not in page.text.split('id="dag"')[1].split(">")[0]


def test_before_its_invoice_nothing_was_owed_and_no_sum_is_said(client: Client, sent: Sent) -> None:
    page = on(client, sent, "2026-08-16")
    assert page.context["balance"].day == TODAY
    assert "Före fakturan, den 17 augusti 2026, fanns ingen skuld. Välj en senare dag." in words(page)


def test_a_payment_that_came_with_the_invoice_has_no_day_before_it_to_show() -> None:
    sent = send(make_creditor(), RECEIVED, payable="48250.00", due_date=date(2026, 9, 16))
    remind(sent.creditor, REMINDED)
    pay(sent, "20000.00", date(2026, 8, 17))
    page = on(logged_in(person("creditor_admin", sent.creditor)), sent)
    assert "före inbetalningen" not in [shortcut.text for shortcut in page.context["shortcuts"]]


def test_a_due_date_without_banks_is_told_as_the_invoice_has_it_and_as_it_counts() -> None:
    sent = send(make_creditor(), RECEIVED, due_date=date(2026, 8, 9))
    said = words(on(logged_in(person("creditor_admin", sent.creditor)), sent))
    assert "Förföll 9 augusti 2026, som inte var en bankdag: betalning till och med 10 augusti var i tid." in said
    assert "Ränta räknas på faktiska dagar" in said


def test_past_the_known_rates_the_sum_stops_and_says_so(client: Client, sent: Sent) -> None:
    page = on(client, sent, "2027-02-01")
    assert page.context["balance"].day == date(2026, 12, 31)
    assert "Referensräntan efter den 31 december 2026 är inte beslutad" in words(page)
    assert "Skulden den 31 december 2026" in words(page)
    assert "Räntan efter 31 december 2026 är inte beslutad." in words(page)


def test_the_last_known_day_is_told_beforehand(client: Client, sent: Sent) -> None:
    assert "Efter den 31 december 2026 gäller en referensränta som ännu inte är beslutad" in words(on(client, sent))
    assert "är inte beslutad, så skulden den" not in words(on(client, sent, "2026-12-31"))


def test_the_shortcuts_lead_to_days_that_matter(client: Client, sent: Sent) -> None:
    shortcuts = on(client, sent).context["shortcuts"]
    assert [(shortcut.text, shortcut.day) for shortcut in shortcuts] == [
        ("i dag", TODAY),
        ("31\u00a0dec", date(2026, 12, 31)),
        ("före inbetalningen", date(2026, 10, 29)),
    ]


def svg_points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path.lstrip("M"))]


@pytest.mark.parametrize("size", ["wide", "small"])
def test_the_chart_draws_the_numbers_of_the_table(client: Client, sent: Sent, size: str) -> None:
    page = on(client, sent)
    picture = page.context["picture"]
    drawing = getattr(picture, size)
    drawn = svg_points(drawing.line)
    ticks = drawing.ticks
    zero, top = float(ticks[0].y), float(ticks[2].y)
    kronor = int(ticks[2].text.replace("\u00a0", ""))
    # Every row of the table is a point of the line, read back from its height to within a pixel's worth.
    heights = [(zero - y) / (zero - top) * kronor for _, y in drawn]
    pixel = kronor / (zero - top)
    for change in picture.changes:
        assert any(abs(height - change.point.total.ore / 100) <= pixel for height in heights), change
    days = [change.point.day for change in picture.changes]
    assert (days[0], days[-1]) == (date(2026, 9, 16), TODAY)
    assert drawn[0][0] == 0
    assert drawn[-1][0] == drawing.plot
    # And the words on it are the table's own.
    names = [name.text for name in drawing.names]
    if size == "wide":
        assert names == ["Förfallodag", "Påminnelse", "Inbetalning", "I dag"]
        amounts = [name.amount for name in drawing.names]
        assert amounts == [
            "48\u00a0250,00\u00a0kr",
            "+60,00",
            "\u221220\u00a0000,00",
            "29\u00a0097,44\u00a0kr",
        ]
    else:
        assert names == ["1", "2", "3", "4"]
        assert picture.key == "1 förfallodag, 2 påminnelse, 3 inbetalning, 4 i dag"


def test_the_table_tells_what_each_event_left(client: Client, sent: Sent) -> None:
    rows = [
        (change.name, change.change, str(change.point.interest), str(change.point.fees), str(change.point.total))
        for change in on(client, sent).context["picture"].changes
    ]
    assert rows == [
        ("Förfallodag", "", "0.00", "0.00", "48250.00"),
        ("Påminnelse", "+60,00", "198.29", "60.00", "48508.29"),
        ("Ränta till dagen", "", "581.64", "60.00", "48891.64"),
        ("Inbetalning", "\u221220\u00a0000,00", "0.00", "0.00", "28891.64"),
        ("I dag", "", "205.80", "0.00", "29097.44"),
    ]


def test_the_page_has_no_style_attribute_and_no_script_of_its_own(client: Client, sent: Sent) -> None:
    page = on(client, sent).text
    assert not re.search(r"\sstyle=", page)
    assert not re.search(r"\son[a-z]+=", page)


def test_a_day_before_anything_happened_has_no_chart(client: Client, sent: Sent) -> None:
    assert on(client, sent, "2026-09-16").context["picture"] is None


def test_the_history_tells_what_happened_latest_first(client: Client, sent: Sent) -> None:
    texts = [entry.text.replace("\u00a0", " ") for entry in on(client, sent).context["entries"]]
    assert texts == [
        (
            "Betalning 20 000,00 kr till borgenären. Bokförd 30 oktober 2026. "
            "Avgifter 60,00 kr, ränta 581,64 kr, kapital 19 358,36 kr."
        ),
        "Påminnelsen lämnades till tryckeriet.",
        "Påminnelse på 48 508,29 kr skapad. Betala senast 9 oktober 2026.",
        "Fakturan togs emot. Kvar att betala: 48 250,00 kr. Påminnelsen planerades till 1 oktober 2026.",
    ]


def test_every_kind_of_event_has_words() -> None:
    from punktlig.agency.records.claim_words import event_words  # noqa: PLC0415
    from punktlig.exchange.messages import EventKind  # noqa: PLC0415

    for kind in EventKind:
        said = event_words(kind.value, {})
        assert said
        assert said != kind.value
        assert said.endswith(".")
        assert "%(" not in said


def test_a_claim_that_a_stricter_contract_would_not_take_any_more_is_shown(client: Client, sent: Sent) -> None:
    message = json.loads(bytes(sent.claim.submission)) | {"forgotten": "a field of an older version"}
    with acting_for(sent.claim.creditor_id):
        Claim.objects.filter(id=sent.claim.id).update(submission=json.dumps(message).encode())
    assert "29 097,44" in words(on(client, sent)).replace("\u00a0", " ")


def test_every_reason_to_ask_a_person_says_what_to_do() -> None:
    from punktlig.agency.records.claim_words import need_of  # noqa: PLC0415

    for code in ("letter_refused", "could_not_be_made", "nothing_left_to_pay", "rate_unknown", "never_heard_of"):
        need = need_of(code)
        assert need.name
        assert need.what.endswith(".")
        assert need.todo.endswith(".")
    assert "never_heard_of" in need_of("never_heard_of").what


def test_english_says_the_same_amounts(client: Client, sent: Sent) -> None:
    client.post("/language", {"language": "en", "next": sent.url})
    page = on(client, sent)
    assert "SEK 29,097.44" in words(page).replace("\u00a0", " ")
    assert 'lang="en"' in page.text
    assert [tick.text for tick in page.context["picture"].wide.ticks] == ["0", "25,000", "50,000"]


def test_a_claim_asks_a_fixed_number_of_queries(client: Client, sent: Sent, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(22):
        on(client, sent)


# ---- Ending it ----------------------------------------------------------------------------------------------------


def test_what_ending_does_is_shown_before_it_is_confirmed(client: Client, sent: Sent) -> None:
    page = client.get(f"{sent.url}closure?as=withdrawn")
    said = words(page)
    assert "Brevet har redan lämnat oss och går inte att hämta tillbaka." in said
    assert "29 097,44 kr" in said
    assert again(sent).status == "reminder_sent"


@pytest.mark.parametrize(
    ("way", "status", "says"), [("paid", "paid", "betalt"), ("withdrawn", "closed", "återkallades")]
)
def test_an_admin_ends_the_claim_once(client: Client, sent: Sent, way: str, status: str, says: str) -> None:
    first = client.post(f"{sent.url}closure", {"as": way}, follow=True)
    assert first.redirect_chain == [(sent.url, 302)]
    assert "Ärendet är avslutat." in words(first)
    assert again(sent).status == status
    second = client.post(f"{sent.url}closure", {"as": way}, follow=True)
    assert "Ärendet var redan avslutat." in words(second)
    with acting_for(sent.creditor.id):
        events = ClaimEvent.objects.filter(claim_id=sent.claim.id, kind="claim_closed")
        assert [(event.actor, event.facts["reason"]) for event in events] == [("Creditor Admin", way)]
    page = words(on(client, sent))
    assert says in page
    assert "Åtgärder" not in page


def test_a_way_that_does_not_exist_ends_nothing(client: Client, sent: Sent) -> None:
    client.post(f"{sent.url}closure", {"as": "forgotten"})
    assert again(sent).status == "reminder_sent"


def test_a_form_without_its_token_changes_nothing(sent: Sent) -> None:
    from django.test import Client  # noqa: PLC0415

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person("creditor_admin", sent.creditor))
    assert strict.post(f"{sent.url}closure", {"as": "paid"}).status_code == 403
    assert again(sent).status == "reminder_sent"


# ---- What the agency's own people do ------------------------------------------------------------------------------


def test_a_returned_letter_is_noted_with_what_was_written_on_it(sent: Sent) -> None:
    desk = logged_in(person("case_handler"))
    assert "Notera brev i retur" in words(desk.get(sent.url))
    empty = desk.post(f"{sent.url}letter-return", {"reason": ""})
    assert empty.status_code == 200
    assert again(sent).needs_person == ""
    done = desk.post(f"{sent.url}letter-return", {"reason": "okänd på adressen"}, follow=True)
    assert "Brevet är noterat som obefordrat" in words(done)
    assert again(sent).needs_person == "letter_refused"
    assert "Låt ärendet gå vidare" not in words(done)
    # The fee of a letter that did not arrive is nobody's to pay.
    assert "Avgiften 60,00 kr återfördes." in words(done)
    assert done.context["balance"].fees == Money(0)
    assert [letter.about.split(" · ")[1] for letter in done.context["letters"]] == ["kom i retur: okänd på adressen"]
    assert "Påminnelsen kom i retur: okänd på adressen. Avgiften är återförd." in words(done)
    # It cannot come back twice.
    assert "Notera brev i retur" not in words(done)
    for told in (desk.get(f"{sent.url}letter-return", follow=True),
                   desk.post(f"{sent.url}letter-return", {"reason": "flyttat"}, follow=True)):  # fmt: skip
        assert "Inget brev i ärendet är ute hos kunden." in words(told)


def test_a_claim_that_waits_goes_on_when_a_person_says_so() -> None:
    sent = send(make_creditor(), TODAY)
    with acting_for(sent.creditor.id):
        Claim.objects.filter(id=sent.claim.id).update(
            status="needs_person", needs_person="could_not_be_made", next_event="", next_event_day=None
        )
    desk = logged_in(person("case_handler"))
    assert "Låt ärendet gå vidare" in words(desk.get(sent.url))
    done = desk.post(f"{sent.url}continuation", follow=True)
    assert "Ärendet går vidare." in words(done)
    assert again(sent).status == "received"
    twice = desk.post(f"{sent.url}continuation", follow=True)
    assert "väntade inte längre" in words(twice)


def test_a_letter_that_may_have_left_is_settled_by_what_a_person_has_found_out() -> None:
    sent = send(make_creditor(), RECEIVED)
    remind(sent.creditor, REMINDED)
    with acting_for(sent.creditor.id):
        Claim.objects.filter(id=sent.claim.id).update(status="needs_person", needs_person="letter_may_have_left")
        Letter.objects.filter(claim=sent.claim.id).update(left_at=None)
        Delivery.objects.filter(letter__claim=sent.claim.id).update(
            gateway="email", state="queued", evidence={"code": "email_connection_lost", "unknown_answers": "5"}
        )
    desk = logged_in(person("case_handler"))
    assert "Säg det bara när det är säkert" in words(desk.get(sent.url))
    assert desk.post(f"{sent.url}letter-outcome", {"left": "perhaps"}).status_code == 400
    done = desk.post(f"{sent.url}letter-outcome", {"left": "no"}, follow=True)
    assert "Brevet går med post i stället." in words(done)
    assert again(sent).status == "reminder_issued"
    twice = desk.post(f"{sent.url}letter-outcome", {"left": "yes"}, follow=True)
    assert "väntade inte längre" in words(twice)
    assert again(sent).status == "reminder_issued"


def test_the_creditor_is_told_that_a_handler_looks_at_it_but_not_asked_to_do_the_handlers_work() -> None:
    sent = send(make_creditor(), TODAY)
    with acting_for(sent.creditor.id):
        Claim.objects.filter(id=sent.claim.id).update(status="needs_person", needs_person="could_not_be_made")
    said = words(logged_in(person("creditor_admin", sent.creditor)).get(sent.url))
    assert "Påminnelsen kunde inte skapas." in said
    assert "Vår handläggare hör av sig" in said
    assert "Låt ärendet gå vidare" not in said


def test_the_scale_is_round_and_reaches_over_the_largest() -> None:
    from punktlig.agency.portal.chart import _scale  # noqa: PLC0415

    for most, top in ((1, 200), (200, 200), (201, 400), (4_825_000, 5_000_000), (5_000_001, 8_000_000)):
        assert _scale(most) == top


def test_names_that_would_touch_stand_under_each_other() -> None:
    from punktlig.agency.portal import chart  # noqa: PLC0415
    from punktlig.core.claim_balance import Cause, Point  # noqa: PLC0415

    def point(day: int, cause: Cause) -> Point:
        return Point(
            day=date(2026, 9, 1) + timedelta(days=day),
            cause=cause,
            change=Money(0),
            principal=Money(100_000),
            interest=Money(day),
            fees=Money(0),
        )

    points = [point(0, Cause.DUE), point(58, Cause.CHARGE), point(59, Cause.PAYMENT), point(60, Cause.STATED_DAY)]
    events = chart.events_of(points, dict.fromkeys(Cause, "Ett ganska långt namn"))
    for frame in (chart.WIDE, chart.SMALL):
        drawing = chart.draw(points, events, frame)
        lanes = {name.y for name in drawing.names[1:]}
        assert len(lanes) == 3
        assert drawing.top > max(float(name.y) for name in drawing.names)
    assert replace(points[0], fees=Money(1)).total == Money(100_001)
