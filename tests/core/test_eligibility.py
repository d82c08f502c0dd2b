"""Whether an invoice may be reminded of: each case changes one fact of an ordinary invoice and provokes one refusal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from punktlig.core import addressee, deduction, eligibility, limitation, parties
from punktlig.core import facts as told
from punktlig.core.charges import ChargeAlreadyMade, ChargesExcludeEachOther, CompensationNotFromConsumer
from punktlig.core.due import (
    DemandAhead,
    DemandBeforeInvoice,
    DueDateMissing,
    DueDateNotAgreedAndNoDemandSent,
    NotOverdueYet,
    Start,
)
from punktlig.core.facts import ReminderFacts, Terms
from punktlig.core.invoice import DeductionKind, DocumentKind, InvoiceLine, InvoiceParty, PostalAddress
from punktlig.core.late_rate import LateRate, RateAboveConsumerCeiling, RateUnknown
from punktlig.core.money import Money
from punktlig.core.parties import DebtorKind
from punktlig.core.reminder import later_refusals, refusals, remind
from punktlig.core.statutes.fees import ChargeKind
from tests.core.invented import ADDRESS, BUYER, CONSUMER, INVOICE, TODAY, facts, invoice, organisation, paid, person

if TYPE_CHECKING:
    from punktlig.core.refusal import Refusal

AFTER_DEMAND = Start.AFTER_DEMAND
FEE = Terms(reminder_fee_agreed_since=date(2024, 1, 1))
COMPENSATION = Terms(claims_compensation=True)
DEAR = Terms(agreed_rate=LateRate.fixed(Decimal(30)))


@dataclass(frozen=True)
class Case:
    """Facts, and the one refusal they meet."""

    refusal: type[Refusal]
    facts: ReminderFacts
    says: dict[str, object]


def _from(buyer: InvoiceParty, **changes: Any) -> ReminderFacts:
    return facts(invoice(buyer=buyer), **changes)


CASES = [
    Case(eligibility.InvoiceIsCreditNote, facts(invoice(kind=DocumentKind.CREDIT_NOTE, corrected_invoice="1041")),
         {"number": "1042", "corrected_invoice": "1041"}),
    Case(eligibility.InvoiceIsSelfBilled, facts(invoice(kind=DocumentKind.SELF_BILLED)), {"number": "1042"}),
    Case(eligibility.DocumentIsNotAnInvoice, facts(invoice(kind=DocumentKind.OTHER)), {"number": "1042"}),
    Case(eligibility.CurrencyIsNotSek, facts(invoice(currency="EUR")), {"currency": "EUR"}),
    Case(eligibility.TotalIsNegative, facts(invoice(payable=Decimal("-0.01"))), {"total": Money(-1)}),
    Case(eligibility.NothingLeftToPay, facts(invoice(payable=Decimal(0))), {"payable": Money(0), "paid": Money(0)}),
    Case(eligibility.NothingLeftToPay, facts(payments=(paid(date(2026, 10, 5), "10000.00"),)),
         {"payable": Money(10_000_00), "paid": Money(10_000_00)}),
    Case(eligibility.NothingLeftToPay,
         facts(payments=(paid(date(2026, 9, 5), "6000.00"), paid(TODAY, "4000.01"))),
         {"payable": Money(10_000_00), "paid": Money(10_000_01)}),
    Case(eligibility.NothingLeftToPay,
         facts(customer_share=Money(7000_00), payments=(paid(TODAY, "7000.00"),)),
         {"payable": Money(7000_00), "paid": Money(7000_00)}),
    Case(told.AmountMissing, facts(invoice(payable=None)), {}),
    Case(told.AmountFinerThanOre, facts(invoice(payable=Decimal("100.001"))), {"amount": Decimal("100.001")}),
    Case(told.AmountFinerThanOre, facts(invoice(payable=Decimal("1E+40"))), {"amount": Decimal("1E+40")}),
    Case(eligibility.PayeeIsAnother, facts(invoice(payee=InvoiceParty(name="Fakturaköparna AB"))),
         {"seller": "Lillsjöns Snickeri AB", "payee": "Fakturaköparna AB"}),
    Case(told.InvoiceDateMissing, facts(invoice(issue_date=None)), {}),
    Case(eligibility.InvoiceDateAhead, facts(invoice(issue_date=date(2026, 11, 24)), terms=Terms(start=AFTER_DEMAND)),
         {"invoice_date": date(2026, 11, 24), "today": TODAY}),
    Case(eligibility.DueDateBeforeInvoice, facts(invoice(due_date=date(2026, 8, 31))),
         {"due_date": date(2026, 8, 31), "invoice_date": date(2026, 9, 1)}),
    Case(eligibility.PaymentAhead, facts(payments=(paid(date(2026, 11, 24), "1.00"),)),
         {"payment_date": date(2026, 11, 24), "today": TODAY}),
    Case(eligibility.PaymentsNotBookedYet, facts(payments_booked_through=date(2026, 11, 19)),
         {"booked_through": date(2026, 11, 19), "needed_through": date(2026, 11, 20)}),
    Case(DueDateMissing, facts(invoice(due_date=None, terms="30 dagar netto")), {"payment_terms": "30 dagar netto"}),
    Case(DueDateNotAgreedAndNoDemandSent, facts(terms=Terms(start=AFTER_DEMAND)), {}),
    Case(DemandAhead, facts(terms=Terms(start=AFTER_DEMAND, demand_sent=date(2026, 11, 24))),
         {"demand_sent": date(2026, 11, 24), "today": TODAY}),
    Case(DemandBeforeInvoice, facts(terms=Terms(start=AFTER_DEMAND, demand_sent=date(2026, 8, 31))),
         {"demand_sent": date(2026, 8, 31), "invoice_date": date(2026, 9, 1)}),
    Case(NotOverdueYet, facts(invoice(due_date=date(2026, 11, 21))),
         {"due_date": date(2026, 11, 21), "effective_due_date": TODAY, "first_reminder_day": date(2026, 11, 24)}),
    Case(NotOverdueYet, facts(invoice(due_date=date.max)),
         {"due_date": date.max, "effective_due_date": date.max, "first_reminder_day": date.max}),
    Case(parties.DebtorKindUnknown, _from(replace(BUYER, identity_number="")),
         {"name": "Granbackens Plåt AB", "identity_number": ""}),
    Case(parties.DebtorKindContradicted, facts(debtor_kind=DebtorKind.CONSUMER),
         {"name": "Granbackens Plåt AB", "declared": "consumer", "told_by_number": "trader"}),
    Case(parties.IdentityNumberUnreadable, _from(replace(BUYER, identity_number="559900-0000")),
         {"name": "Granbackens Plåt AB", "identity_number": "559900-0000", "reason": "the check digit is wrong"}),
    Case(parties.DebtorIsAnEstate, _from(replace(CONSUMER, name="Anna Eks dödsbo")), {"name": "Anna Eks dödsbo"}),
    Case(parties.DebtorIsBankrupt, _from(replace(BUYER, name="Plåt AB i konkurs")), {"name": "Plåt AB i konkurs"}),
    Case(parties.DebtorIsAMinor, _from(replace(CONSUMER, identity_number=person(date(2008, 11, 24)))),
         {"name": "Anna Ek", "of_age_on": date(2026, 11, 24)}),
    Case(addressee.IdentityIsProtected, facts(identity_is_protected=True), {}),
    Case(addressee.AddressIncomplete, _from(replace(BUYER, address=replace(ADDRESS, town=""))),
         {"name": "Granbackens Plåt AB", "missing": ("town",)}),
    Case(addressee.CountryUnreadable, _from(replace(CONSUMER, address=replace(ADDRESS, country="Sverige")),
                                            debtor_kind=DebtorKind.CONSUMER),
         {"name": "Anna Ek", "country": "Sverige"}),
    Case(limitation.LimitationMayHaveRun,
         facts(invoice(issue_date=date(2016, 10, 1), due_date=date(2016, 10, 31))),
         {"last_day": date(2026, 10, 1), "years": 10}),
    Case(limitation.LimitationMayHaveRun,
         facts(invoice(buyer=CONSUMER, issue_date=date(2023, 11, 22), due_date=date(2023, 12, 22))),
         {"last_day": date(2026, 11, 22), "years": 3}),
    Case(deduction.CustomerShareUnknown, facts(invoice(deduction=DeductionKind.ROT)), {"kind": DeductionKind.ROT}),
    Case(deduction.CustomerShareOutsideInvoice, facts(customer_share=Money(10_000_01)),
         {"share": Money(10_000_01), "payable": Money(10_000_00)}),
    Case(deduction.CustomerShareOutsideInvoice, facts(customer_share=Money(0)),
         {"share": Money(0), "payable": Money(10_000_00)}),
    Case(deduction.CustomerShareChanged,
         facts(invoice(deduction=DeductionKind.ROT, issue_date=date(2025, 12, 1), due_date=date(2025, 12, 31)),
               customer_share=Money(5000_00)),
         {"kind": DeductionKind.ROT, "invoice_date": date(2025, 12, 1), "percent_then": Decimal(50),
          "payment_date": TODAY, "percent_now": Decimal(30)}),
    Case(deduction.DeductionNotInForce,
         facts(invoice(deduction=DeductionKind.RUT, issue_date=date(2020, 12, 1), due_date=date(2020, 12, 31)),
               customer_share=Money(5000_00)),
         {"kind": DeductionKind.RUT, "day": date(2020, 12, 1)}),
    Case(CompensationNotFromConsumer, _from(CONSUMER, terms=COMPENSATION), {"name": "Anna Ek"}),
    Case(ChargesExcludeEachOther, facts(terms=replace(FEE, claims_compensation=True)),
         {"wanted": ChargeKind.LATE_PAYMENT_COMPENSATION, "already": ChargeKind.REMINDER_FEE}),
    Case(ChargesExcludeEachOther, facts(terms=FEE, charges_made=(ChargeKind.LATE_PAYMENT_COMPENSATION,)),
         {"wanted": ChargeKind.REMINDER_FEE, "already": ChargeKind.LATE_PAYMENT_COMPENSATION}),
    Case(ChargeAlreadyMade, facts(terms=FEE, charges_made=(ChargeKind.REMINDER_FEE,)),
         {"wanted": ChargeKind.REMINDER_FEE}),
    Case(RateUnknown, facts(today=date(2027, 1, 1)),
         {"day": date(2027, 1, 1), "known_from": date(2002, 7, 1), "known_through": date(2026, 12, 31)}),
    Case(RateAboveConsumerCeiling, _from(CONSUMER, terms=DEAR),
         {"percent": Decimal(30), "ceiling": Decimal(22), "day": date(2026, 10, 1)}),
]  # fmt: skip

# What is right today and wrong soon: a letter whose time to pay will run into next year, with another percentage; and
# the number of one who is born tomorrow, which until then is that of one born a hundred years ago.
OF_THEIR_DAY = [
    facts(
        invoice(deduction=DeductionKind.ROT, issue_date=date(2025, 10, 20), due_date=date(2025, 10, 30)),
        today=date(2025, 12, 22),
        customer_share=Money(7000_00),
    ),
    facts(
        invoice(
            issue_date=date(2026, 1, 7),
            due_date=date(2026, 2, 6),
            buyer=replace(CONSUMER, identity_number=person(date(2026, 4, 2))[2:]),
        ),
        today=date(2026, 4, 1),
    ),
]

# What else is wrong when this one is: an invoice dated ahead is not overdue either.
ACCOMPANIED = {"invoice_date_ahead", "due_date_before_invoice"}


def test_the_ordinary_invoice_meets_no_refusal() -> None:
    assert refusals(facts()) == ()
    assert str(remind(facts()).total) == "10147.95"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.refusal.code)
def test_one_wrong_fact_meets_exactly_its_own_refusal(case: Case) -> None:
    found = refusals(case.facts)
    assert [refusal.facts() for refusal in found if type(refusal) is case.refusal] == [case.says]
    if case.refusal.code not in ACCOMPANIED:
        assert [refusal.code for refusal in found] == [case.refusal.code]


@pytest.mark.parametrize("days", [1, 5, 40, 400, 1300, 4000])
@pytest.mark.parametrize("earlier", [0, 3, 60, 900])
def test_what_may_go_today_is_judged_of_a_later_day_as_if_it_were_judged_whole(days: int, earlier: int) -> None:
    told = [case.facts for case in CASES] + [facts(), facts(terms=FEE), _from(CONSUMER), *OF_THEIR_DAY]
    judged = 0
    for each in told:
        today = replace(each, today=each.today - timedelta(days=earlier))
        if not refusals(today):
            day = today.today + timedelta(days=days)
            whole = refusals(replace(each, today=day))
            assert [(one.code, one.facts()) for one in later_refusals(today, day)] == [
                (one.code, one.facts()) for one in whole
            ]
            judged += 1
    assert judged or earlier == 900


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.refusal.code)
def test_a_reminder_is_refused_with_the_first_reason_of_the_list(case: Case) -> None:
    first = refusals(case.facts)[0]
    with pytest.raises(type(first)) as refused:
        remind(case.facts)
    assert refused.value.facts() == first.facts()


def test_everything_that_is_wrong_is_told_at_once_and_each_thing_once() -> None:
    bad = facts(
        invoice(
            kind=DocumentKind.CREDIT_NOTE,
            currency="EUR",
            buyer=InvoiceParty(name="Anna Ek", identity_number=person(date(2015, 1, 1))),
            payee=InvoiceParty(name="Fakturaköparna AB"),
            payable=None,
            due_date=None,
            deduction=DeductionKind.ROT,
        ),
        terms=replace(FEE, claims_compensation=True),
        identity_is_protected=True,
        payments=(paid(date(2026, 12, 1), "1.00"),),
        payments_booked_through=date(2026, 10, 1),
    )
    assert [refusal.code for refusal in refusals(bad)] == [
        "invoice_is_credit_note",
        "currency_is_not_sek",
        "amount_missing",
        "payee_is_another",
        "due_date_missing",
        "payment_ahead",
        "payments_not_booked_yet",
        "debtor_is_a_minor",
        "identity_is_protected",
        "address_incomplete",
        "customer_share_unknown",
        "charges_exclude_each_other",
    ]


def test_an_unknown_rate_is_told_together_with_the_rest() -> None:
    old = invoice(issue_date=date(2001, 3, 1), due_date=date(2001, 3, 31))
    assert [refusal.code for refusal in refusals(facts(old))] == ["limitation_may_have_run", "rate_unknown"]


@pytest.mark.parametrize("day", [date.min, date(1999, 2, 28), date(2031, 5, 1), date.max])
def test_a_date_far_off_is_refused_by_name_and_never_breaks_the_rules(day: date) -> None:
    for strange in (invoice(issue_date=day), invoice(due_date=day), invoice(issue_date=day, due_date=day)):
        assert refusals(facts(strange))


@pytest.mark.parametrize(
    ("written", "seller_number"),
    [("556000-0001", "5560000001"), ("5560000001", "556000-0001")],
)
def test_a_payee_with_the_sellers_number_is_the_seller_however_it_is_written(written: str, seller_number: str) -> None:
    seller = replace(INVOICE.seller, identity_number=seller_number)
    same = InvoiceParty(name="Lillsjöns", identity_number=written)
    assert refusals(facts(invoice(seller=seller, payee=same))) == ()
    assert refusals(facts(invoice(payee=InvoiceParty(name="LILLSJÖNS SNICKERI AB ")))) == ()


@pytest.mark.parametrize(
    ("booked_through", "today", "allowed"),
    [
        (date(2026, 11, 20), date(2026, 11, 23), True),  # Friday, for a letter on Monday
        (date(2026, 11, 19), date(2026, 11, 23), False),
        (date(2026, 11, 23), date(2026, 11, 23), True),
        (date(2026, 12, 23), date(2026, 12, 28), True),  # over Christmas
        (date(2026, 12, 22), date(2026, 12, 28), False),
    ],
)
def test_payments_must_be_known_through_the_bank_day_before_the_letter(
    booked_through: date,
    today: date,
    allowed: bool,
) -> None:
    found = refusals(facts(today=today, payments_booked_through=booked_through))
    assert [refusal.code for refusal in found] == ([] if allowed else ["payments_not_booked_yet"])


def test_a_received_reminder_or_a_part_payment_keeps_a_claim_alive() -> None:
    old = invoice(buyer=CONSUMER, issue_date=date(2021, 1, 15), due_date=date(2021, 2, 15))
    assert [refusal.code for refusal in refusals(facts(old))] == ["limitation_may_have_run"]
    assert refusals(facts(old, limitation_interrupted=date(2024, 1, 15))) == ()
    assert refusals(facts(old, payments=(paid(date(2023, 12, 1), "500.00"),))) == ()


def test_the_creditors_own_credit_note_keeps_no_claim_alive() -> None:
    old = invoice(buyer=CONSUMER, issue_date=date(2021, 1, 15), due_date=date(2021, 2, 15))
    credited = replace(paid(date(2023, 12, 1), "500.00"), is_credit_note=True)
    assert [refusal.code for refusal in refusals(facts(old, payments=(credited,)))] == ["limitation_may_have_run"]


def test_the_day_of_a_credit_note_is_no_day_of_payment_for_a_deduction() -> None:
    late_in_2025 = invoice(deduction=DeductionKind.ROT, issue_date=date(2026, 1, 2), due_date=date(2026, 1, 31))
    before = paid(date(2025, 12, 30), "500.00")
    share = Money(7000_00)
    with_payment = facts(late_in_2025, customer_share=share, payments=(before,))
    credited = facts(late_in_2025, customer_share=share, payments=(replace(before, is_credit_note=True),))
    assert [refusal.code for refusal in refusals(with_payment)] == ["customer_share_changed"]
    assert refusals(credited) == ()


def test_the_earliest_delivery_on_the_invoice_is_when_the_debt_may_have_arisen() -> None:
    early = InvoiceLine(text="Service", period_start=date(2023, 10, 1))
    old = invoice(buyer=CONSUMER, issue_date=date(2023, 12, 1), due_date=date(2023, 12, 31), lines=(early,))
    found = refusals(facts(old))
    assert [refusal.facts() for refusal in found] == [{"last_day": date(2026, 10, 1), "years": 3}]


def test_a_changed_share_may_be_confirmed_by_the_creditor() -> None:
    rot = invoice(deduction=DeductionKind.ROT, issue_date=date(2025, 12, 1), due_date=date(2025, 12, 31))
    told_once = facts(rot, customer_share=Money(7000_00))
    assert [refusal.code for refusal in refusals(told_once)] == ["customer_share_changed"]
    assert refusals(replace(told_once, customer_share_confirmed=True)) == ()


@pytest.mark.parametrize(
    ("today", "payment_date"),
    [
        (date(2025, 12, 22), None),  # last day to pay: 30 December
        (date(2025, 12, 23), date(2026, 1, 2)),  # 31 December is no bank day, so the last day to pay is in 2026
        (date(2025, 4, 30), None),
        (date(2025, 5, 5), date(2025, 5, 13)),
    ],
)
def test_a_letter_whose_time_to_pay_runs_into_another_percentage_is_refused(
    today: date, payment_date: date | None
) -> None:
    issued = today - timedelta(days=60 if today.month == 12 else 40)
    rot = invoice(deduction=DeductionKind.ROT, issue_date=issued, due_date=issued + timedelta(days=10))
    found = refusals(facts(rot, today=today, customer_share=Money(7000_00)))
    assert [refusal.facts().get("payment_date") for refusal in found] == ([payment_date] if payment_date else [])


def test_a_part_payment_made_under_another_percentage_is_refused_too() -> None:
    rot = invoice(deduction=DeductionKind.ROT, issue_date=date(2025, 5, 2), due_date=date(2025, 6, 2))
    share = facts(rot, customer_share=Money(7000_00), payments=(paid(date(2025, 7, 1), "1000.00"),))
    (refusal,) = refusals(share)
    assert isinstance(refusal, deduction.CustomerShareChanged)
    assert refusal.payment_date == date(2025, 7, 1)


def test_a_second_letter_without_a_fee_may_follow_the_first() -> None:
    assert refusals(facts(charges_made=(ChargeKind.REMINDER_FEE,))) == ()


@pytest.mark.parametrize("group", ["66", "80", "25"])
def test_an_association_is_asked_about_and_then_reminded(group: str) -> None:
    buyer = replace(BUYER, name="Ekvikens bollklubb", identity_number=organisation(group))
    assert [refusal.code for refusal in refusals(_from(buyer))] == ["debtor_kind_unknown"]
    assert refusals(_from(buyer, debtor_kind=DebtorKind.TRADER)) == ()


def test_an_address_abroad_needs_no_postcode() -> None:
    dublin = PostalAddress(lines=("12 Quay Street",), town="Dublin", country="IE")
    assert refusals(_from(replace(BUYER, address=dublin))) == ()


@pytest.mark.parametrize("days", [0, -8])
def test_a_reminder_gives_at_least_a_day_to_pay(days: int) -> None:
    with pytest.raises(ValueError, match="at least a day"):
        Terms(days_to_pay=days)


def test_an_invoice_or_a_demand_of_today_lies_not_ahead() -> None:
    of_today = facts(invoice(issue_date=TODAY, due_date=TODAY))
    assert [refusal.code for refusal in refusals(of_today)] == ["not_overdue_yet"]
    assert refusals(facts(terms=Terms(start=AFTER_DEMAND, demand_sent=TODAY))) == ()
    assert refusals(facts(terms=Terms(start=AFTER_DEMAND, demand_sent=date(2026, 9, 1)))) == ()
