"""Reminders of every sort, made up by hypothesis from facts that may be reminded of."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import assume
from hypothesis import strategies as st

from punktlig.core.due import Start
from punktlig.core.facts import ReminderFacts, Terms
from punktlig.core.interest import PartPayment
from punktlig.core.invoice import DeductionKind, InvoiceLine
from punktlig.core.late_rate import LateRate
from punktlig.core.money import Money
from punktlig.core.parties import DebtorKind
from punktlig.core.refusal import Refusal
from punktlig.core.reminder import Reminder, remind
from tests.core.letter.cases import CONSUMER, CONSUMER_ABROAD, PUBLIC_BODY, TRADER, TRADER_ABROAD, invoice

_BUYERS = {
    CONSUMER: DebtorKind.CONSUMER,
    CONSUMER_ABROAD: DebtorKind.CONSUMER,
    TRADER: DebtorKind.TRADER,
    TRADER_ABROAD: DebtorKind.TRADER,
    PUBLIC_BODY: DebtorKind.PUBLIC_BODY,
}
_LAST_LETTER = date(2026, 12, 31)

amounts = st.integers(1, 99_999_999_99)
rates = st.none() | st.builds(
    LateRate, st.integers(0, 24).map(lambda percent: percent * 10_000), above_reference=st.booleans()
)
lines = st.lists(
    st.builds(
        InvoiceLine,
        text=st.text(max_size=40),
        quantity=st.none() | st.decimals(-1000, 1000, places=2),
        unit=st.sampled_from(("", "C62", "HUR", "ZZ")),
        amount=st.none() | st.decimals(-100_000, 100_000, places=3),
        period_start=st.none() | st.dates(date(2024, 1, 1), date(2024, 12, 31)),
    ),
    max_size=5,
).map(tuple)


@st.composite
def payments_of(draw: st.DrawFn, owed: int, today: date) -> tuple[PartPayment, ...]:
    """Return part payments that together are less than what is owed."""
    found, left = [], owed
    for _ in range(draw(st.integers(0, 4))):
        if left < 2:
            break
        amount = draw(st.integers(1, left - 1))
        day = today - timedelta(days=draw(st.integers(0, 500)))
        found.append(PartPayment(day, Money(amount), is_credit_note=draw(st.booleans())))
        left -= amount
    return tuple(found)


@st.composite
def reminders(draw: st.DrawFn) -> Reminder:
    """Return a reminder that the rules allow; what they refuse is passed over."""
    buyer = draw(st.sampled_from(tuple(_BUYERS)))
    kind = _BUYERS[buyer]
    today = _LAST_LETTER - timedelta(days=draw(st.integers(0, 600)))
    issued = today - timedelta(days=draw(st.integers(10, 900)))
    payable = draw(amounts)
    prepaid = draw(st.none() | amounts)
    rounding = draw(st.integers(-150, 150))
    has_share = kind is DebtorKind.CONSUMER and draw(st.booleans())
    owed = draw(st.integers(1, payable)) if has_share else payable
    start = draw(st.sampled_from(Start))
    compensation = kind is not DebtorKind.CONSUMER and draw(st.booleans())
    written = invoice(
        "4711",
        buyer,
        str(Money(payable)),
        issued,
        None if start is Start.AFTER_DEMAND else issued + timedelta(days=draw(st.integers(0, 60))),
        prepaid=None if prepaid is None else Money(prepaid).as_decimal(),
        total=None if prepaid is None else Money(payable + prepaid + rounding).as_decimal(),
        tax=draw(st.none() | st.just(Decimal(str(Money(payable // 5))))),
        lines=draw(lines),
        deduction=draw(st.sampled_from((None, *DeductionKind))) if has_share else None,
    )
    facts = ReminderFacts(
        invoice=written,
        today=today,
        terms=Terms(
            start=start,
            demand_sent=issued + timedelta(days=draw(st.integers(0, 10))) if start is Start.AFTER_DEMAND else None,
            warned_of_interest=draw(st.booleans()),
            claims_compensation=compensation,
            reminder_fee_agreed_since=None if compensation else draw(st.sampled_from((None, date(2020, 1, 1)))),
            agreed_rate=draw(rates),
            charges_consumers_abroad=draw(st.booleans()),
        ),
        debtor_kind=kind,
        payments=draw(payments_of(owed, today)),
        customer_share=Money(owed) if has_share else None,
        customer_share_confirmed=True,
    )
    try:
        return remind(facts)
    except Refusal:
        assume(condition=False)
        raise
