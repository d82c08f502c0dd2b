"""What would be handed over, and every reason why not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from punktlig.core.due import NotOverdueYet, Start
from punktlig.core.eligibility import NothingLeftToPay
from punktlig.core.limitation import LimitationMayHaveRun
from punktlig.core.money import Money
from punktlig.core.reminder import remind
from punktlig.exchange.messages import ClaimSubmission, body_of
from punktlig.letters.fitting import AddressDoesNotFit
from punktlig.letters.printable import CharacterNotCovered
from punktlig.receivables.records.models import Invoice, InvoiceLine
from punktlig.receivables.records.sending_facts import (
    basis_statements,
    live_activation,
    planned_day,
    prepare,
    prepare_these,
    read_basis,
    read_records,
)
from punktlig.receivables.records.sending_refusals import (
    ActivationNotConfirmed,
    DayOutOfBounds,
    InvoiceAlreadySent,
    InvoiceTooLong,
    ReminderHandlingNotActivated,
    TermsHaveChanged,
)
from punktlig.receivables.records.sending_versions import versions_of
from punktlig.tenancy.context import acting_for
from punktlig.tenancy.plain_reading import run_together
from tests.receivables.sending_samples import (
    ISSUED,
    NOW,
    TODAY,
    credit,
    make_activation,
    make_company,
    make_customer,
    make_invoice,
    make_terms,
    pay,
)

if TYPE_CHECKING:
    from punktlig.receivables.records.models import Company
    from punktlig.tenancy.models import User

pytestmark = pytest.mark.django_db


def test_what_lapses_before_its_letter_is_made_is_not_sent(company: Company, user: User) -> None:
    make_activation(company, user)
    three_years_ago = TODAY.replace(year=TODAY.year - 3)
    due = three_years_ago + timedelta(days=30)
    lapsing = make_invoice(company, issue_date=three_years_ago, due_date=due)
    living = make_invoice(company, issue_date=three_years_ago + timedelta(days=1), due_date=due)
    prepared = prepare(company.id, [lapsing.id, living.id], today=TODAY)
    assert [[type(refusal) for refusal in one.refusals] for one in prepared] == [[LimitationMayHaveRun], []]


def test_an_overdue_invoice_may_be_sent_with_all_its_facts(company: Company, user: User) -> None:
    make_activation(company, user)
    invoice = make_invoice(company)
    payment, note = pay(invoice, 20_000), credit(invoice, 10_000)
    (prepared,) = prepare(company.id, [invoice.id], today=TODAY)
    assert prepared.refusals == ()
    handover_id = uuid4()
    body = prepared.body(handover_id)
    told = ClaimSubmission.model_validate_json(body)
    assert told.handover_id == handover_id
    assert (told.company_id, told.invoice_id) == (company.id, invoice.id)
    assert (told.invoice.number, told.invoice.payable) == (invoice.number, Money(120_000))
    assert [(line.text, line.quantity, line.amount) for line in told.invoice.lines] == [
        ("Byte av hängrännor", "2.0000", Money(96_000))
    ]
    assert [(one.id, one.kind, one.amount) for one in told.payments] == [
        (payment.id, "payment", Money(20_000)),
        (note.id, "credit_note", Money(10_000)),
    ]
    assert (told.debtor.name, told.debtor.kind, told.debtor.address.town) == ("Anna Ek", "consumer", "Lillsjön")
    assert told.debt_text == "snickeriarbete"
    assert body_of(told).body == body


def test_the_letter_of_the_planned_day_asks_for_what_is_left_and_the_agreed_fee(company: Company, user: User) -> None:
    make_activation(company, user)
    invoice = make_invoice(company)
    pay(invoice, 20_000)
    (prepared,) = prepare(company.id, [invoice.id], today=TODAY)
    reminder = remind(prepared.facts)
    assert (reminder.unpaid, reminder.charge_amount) == (Money(100_000), Money(6_000))
    assert planned_day(TODAY) == date(2026, 11, 26)
    assert planned_day(date(2026, 11, 27)) == date(2026, 11, 30)


def test_a_fixed_number_of_queries_whatever_the_number_of_invoices(company: Company, user: User) -> None:
    make_activation(company, user)
    ids = [make_invoice(company).id for _ in range(12)]
    with CaptureQueriesContext(
        connection,
    ) as one:
        prepare(company.id, ids[:1], today=TODAY)
    with CaptureQueriesContext(connection) as many:
        prepared = prepare(company.id, ids, today=TODAY)
    assert len(one) == len(many) == 1
    assert [each.invoice.id for each in prepared] == ids


def test_the_versions_are_those_that_are_read_without_the_facts(company: Company, user: User) -> None:
    make_activation(company, user)
    invoices = [make_invoice(company) for _ in range(4)]
    pay(invoices[1], 20_000)
    pay(invoices[1], 10_000)
    credit(invoices[1], 10_000)
    InvoiceLine.objects.create(company=company, invoice=invoices[2], position=2, text="Skruv")
    invoices[3].agency_state = "sending"
    invoices[3].save()
    ids = [invoice.id for invoice in reversed(invoices)]
    assert {one.id: one.version for one in prepare(company.id, ids, today=TODAY)} == versions_of(company.id, ids)


@pytest.mark.parametrize("read_before", [True, False])
def test_a_page_gets_the_record_by_one_query(company: Company, user: User, *, read_before: bool) -> None:
    make_activation(company, user)
    invoice = make_invoice(company)
    (prepared,) = prepare(company.id, [invoice.id], today=TODAY)
    with CaptureQueriesContext(connection) as queries:
        if read_before:
            read_records([prepared])
        assert (prepared.invoice, prepared.customer) == (invoice, invoice.customer)
        assert prepared.invoice.get_deferred_fields() == {"source_bytes", "notes", "refusal_facts", "created_at"}
        for field in Invoice._meta.concrete_fields:
            if field.attname not in prepared.invoice.get_deferred_fields():
                assert getattr(prepared.invoice, field.attname) == getattr(invoice, field.attname)
        assert prepared.customer.party() == prepared.facts.invoice.buyer
    assert len(queries) == 1


def test_the_records_of_many_take_one_query_and_none_takes_none(company: Company, user: User) -> None:
    make_activation(company, user)
    prepared = prepare(company.id, [make_invoice(company).id for _ in range(5)], today=TODAY)
    with CaptureQueriesContext(connection) as queries:
        read_records([])
        read_records(prepared)
        assert [one.invoice.id for one in prepared] == [one.id for one in prepared]
    assert len(queries) == 1


def test_records_are_judged_as_rows_are(company: Company, user: User) -> None:
    make_activation(company, user)
    ids = [make_invoice(company).id, make_invoice(company, due_date=TODAY).id]
    pay(Invoice.objects.get(id=ids[0]), 20_000)
    records = list(Invoice.objects.filter(id__in=ids).select_related("customer").order_by("number"))
    basis = read_basis(run_together(*basis_statements(company.id, today=TODAY)), today=TODAY)
    judged = prepare_these(basis, records)
    rows = prepare(company.id, [record.id for record in records], today=TODAY)
    assert [(one.facts, [each.facts() for each in one.refusals], one.booked) for one in judged] == [
        (one.facts, [each.facts() for each in one.refusals], one.booked) for one in rows
    ]
    assert [one.invoice for one in judged] == records


def test_another_companys_invoice_is_left_out(company: Company, user: User) -> None:
    make_activation(company, user)
    other = make_company("Annans AB")
    with acting_for(other.id):
        foreign = make_invoice(other)
    assert prepare(company.id, [foreign.id], today=TODAY) == []


def test_terms_follow_the_answers_of_the_activation(company: Company, user: User) -> None:
    make_activation(company, user, due_date_agreed_since=ISSUED + timedelta(days=1), invoices_warn_of_interest=True)
    (late,) = prepare(company.id, [make_invoice(company).id], today=TODAY)
    assert late.facts.terms.start is Start.AFTER_DEMAND
    assert (late.facts.terms.demand_sent, late.facts.terms.warned_of_interest) == (ISSUED, True)
    newer = make_invoice(company, issue_date=ISSUED + timedelta(days=1))
    (agreed,) = prepare(company.id, [newer.id], today=TODAY)
    assert (agreed.facts.terms.start, agreed.facts.terms.demand_sent) == (Start.AGREED_DUE_DATE, None)


@pytest.mark.parametrize(
    ("charge", "fee_is_asked", "compensation"),
    [("nothing", False, False), ("reminder_fee", True, False), ("late_payment_compensation", False, True)],
)
def test_what_a_trader_is_charged_is_the_companys_choice(
    company: Company, user: User, *, charge: str, fee_is_asked: bool, compensation: bool
) -> None:
    make_activation(company, user, trader_charge=charge)
    trader = make_customer(company, kind="trader", name="Bygg & Co AB")
    ids = [make_invoice(company, trader).id, make_invoice(company).id]
    of_trader, of_consumer = prepare(company.id, ids, today=TODAY)
    assert of_trader.refusals == of_consumer.refusals == ()
    assert (of_trader.facts.terms.reminder_fee_agreed_since is not None) is fee_is_asked
    assert of_trader.facts.terms.claims_compensation is compensation
    assert of_consumer.facts.terms.reminder_fee_agreed_since == date(2024, 1, 1)
    assert of_consumer.facts.terms.claims_compensation is False


@pytest.mark.parametrize("decided", [False, True])
def test_consumers_abroad_are_charged_only_when_the_company_has_decided_so(
    company: Company, user: User, *, decided: bool
) -> None:
    make_activation(company, user, charges_consumers_abroad=decided)
    dane = make_customer(company, name="Mette Holmgaard", postcode="3000", town="Helsingør", country="DK")
    norwegian = make_customer(company, name="Fjordlys AS", kind="trader", postcode="0150", town="Oslo", country="NO")
    ids = [make_invoice(company, buyer).id for buyer in (dane, norwegian, None)]
    prepared = prepare(company.id, ids, today=TODAY)
    assert [one.refusals for one in prepared] == [()] * 3
    # Of a consumer in Sweden too, who may have moved when the letter is made; of a trader it decides nothing.
    assert [one.facts.terms.charges_consumers_abroad for one in prepared] == [decided, False, decided]
    abroad, _, here = (remind(one.facts) for one in prepared)
    assert here.charge_amount == Money(60_00)
    assert abroad.charge_amount == (here.charge_amount if decided else Money(0))
    assert abroad.interest_amount == (here.interest_amount if decided else Money(0))
    told = ClaimSubmission.model_validate_json(prepared[0].body(uuid4()))
    assert told.terms.charges_consumers_abroad is decided


@pytest.mark.parametrize("english", ["", "joinery work"])
def test_a_letter_in_english_never_says_in_swedish_what_the_debt_is_for(
    company: Company, user: User, english: str
) -> None:
    make_activation(company, user, debt_text_in_english=english)
    ids = [make_invoice(company, make_customer(company, language=language)).id for language in ("sv", "en")]
    swedish, in_english = prepare(company.id, ids, today=TODAY)
    assert [one.debt_text for one in (swedish, in_english)] == ["snickeriarbete", english]
    told = ClaimSubmission.model_validate_json(in_english.body(uuid4()))
    assert (told.debt_text, told.debtor.language) == (english, "en")


def test_a_text_that_cannot_be_printed_stops_only_the_letters_it_stands_in(company: Company, user: User) -> None:
    make_activation(company, user, debt_text_in_english="\u05d0")
    ids = [make_invoice(company, make_customer(company, language=language)).id for language in ("sv", "en")]
    swedish, english = prepare(company.id, ids, today=TODAY)
    assert (swedish.refusals, [type(each) for each in english.refusals]) == ((), [CharacterNotCovered])


def test_the_rules_own_refusals_are_all_told(company: Company, user: User) -> None:
    make_activation(company, user)
    invoice = make_invoice(company, due_date=TODAY)
    pay(invoice, 120_000)
    (prepared,) = prepare(company.id, [invoice.id], today=TODAY)
    assert [type(refusal) for refusal in prepared.refusals] == [NothingLeftToPay, NotOverdueYet]


def test_nothing_goes_before_the_activation_is_confirmed_and_its_terms_are_the_newest(
    company: Company, user: User
) -> None:
    invoice = make_invoice(company)

    def refusals() -> list[type]:
        (prepared,) = prepare(company.id, [invoice.id], today=TODAY)
        return [type(refusal) for refusal in prepared.refusals]

    assert refusals() == [ReminderHandlingNotActivated]
    activation = make_activation(company, user, state="activating")
    assert live_activation(company.id) == activation
    assert refusals() == [ActivationNotConfirmed]
    activation.state = "active"
    activation.save()
    assert refusals() == []
    make_terms("2027-01", TODAY + timedelta(days=1))
    assert refusals() == []
    make_terms("2026-12", TODAY)
    assert refusals() == [TermsHaveChanged]
    activation.state = "ended"
    activation.save()
    assert live_activation(company.id) is None
    assert refusals() == [ReminderHandlingNotActivated]


@pytest.mark.parametrize("state", ["sending", "received", "reminder_sent", "paid", "closed", "needs_action"])
def test_a_sent_invoice_is_told_as_sent_and_nothing_else(company: Company, user: User, state: str) -> None:
    make_activation(company, user)
    invoice = make_invoice(company, agency_state=state, sent_at=NOW, due_date=TODAY)
    (prepared,) = prepare(company.id, [invoice.id], today=TODAY)
    assert prepared.is_sent
    (refusal,) = prepared.refusals
    assert isinstance(refusal, InvoiceAlreadySent)
    assert (refusal.number, refusal.sent_date) == (invoice.number, TODAY)


def test_a_refused_invoice_may_be_sent_again(company: Company, user: User) -> None:
    make_activation(company, user)
    invoice = make_invoice(company, agency_state="refused", refusal_code="address_incomplete")
    (prepared,) = prepare(company.id, [invoice.id], today=TODAY)
    assert prepared.may_be_sent


def test_an_invoice_longer_than_a_handover_holds_is_refused_by_name(company: Company, user: User) -> None:
    make_activation(company, user)
    invoice = make_invoice(company)
    InvoiceLine.objects.bulk_create(
        InvoiceLine(company=company, invoice=invoice, position=position, text="rad") for position in range(2, 502)
    )
    (prepared,) = prepare(company.id, [invoice.id], today=TODAY)
    (refusal,) = prepared.refusals
    assert isinstance(refusal, InvoiceTooLong)
    assert refusal.lines == 501


def test_a_name_that_no_letter_can_be_printed_with_is_refused_by_name(company: Company, user: User) -> None:
    make_activation(company, user)
    customer = make_customer(company, name="אנה Ek")
    (prepared,) = prepare(company.id, [make_invoice(company, customer).id], today=TODAY)
    (refusal,) = prepared.refusals
    assert isinstance(refusal, CharacterNotCovered)
    assert refusal.fields == ("recipient",)


def test_an_address_that_no_window_shows_is_refused_by_name(company: Company, user: User) -> None:
    make_activation(company, user)
    customer = make_customer(company, street="\n".join(["Stora Nygatan 108"] * 6), name="Snickeri " * 22)
    (prepared,) = prepare(company.id, [make_invoice(company, customer).id], today=TODAY)
    (refusal,) = prepared.refusals
    assert isinstance(refusal, AddressDoesNotFit)
    assert refusal.recipient[1:-1] == ("Stora Nygatan 108",) * 6


def test_a_day_that_cannot_be_right_is_refused_by_name(company: Company, user: User) -> None:
    make_activation(company, user)
    invoice = make_invoice(company)
    pay(invoice, 100_00, date(226, 11, 20))
    (prepared,) = prepare(company.id, [invoice.id], today=TODAY)
    (refusal,) = prepared.refusals
    assert isinstance(refusal, DayOutOfBounds)
    assert refusal.day == date(226, 11, 20)


def test_odd_texts_make_a_message_all_the_same(company: Company, user: User) -> None:
    make_activation(company, user)
    customer = make_customer(company, name="Anna\rEk", street="a\nb\nc\nd\ne\nf\ng", country="NO")
    (prepared,) = prepare(company.id, [make_invoice(company, customer).id], today=TODAY)
    debtor = ClaimSubmission.model_validate_json(prepared.body(uuid4())).debtor
    assert debtor.name == "Anna Ek"
    assert debtor.address.lines == ("a", "b", "c", "d", "e", "f, g")
