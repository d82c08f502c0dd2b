"""Whatever is done to a claim and in whatever order it is told, its journal agrees with its balance to the öre."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

import pytest
from django.db.models import Sum
from hypothesis import given, settings
from hypothesis import strategies as st

from punktlig.agency.actions.closing import close_as_paid, refuse_letter, try_again, withdraw
from punktlig.agency.actions.debtor_addresses import give_new_address
from punktlig.agency.actions.deliveries import claim_batch, claim_due, settle
from punktlig.agency.actions.payment_corrections import take_back_wrong_payment
from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.records.claim_money import balance_facts
from punktlig.agency.records.counted_payments import counted_payments
from punktlig.agency.records.handing_over import Answer, Verdict
from punktlig.agency.records.letter_correcting import letter_out, must_be_corrected
from punktlig.agency.records.letter_stopping import standing_charges
from punktlig.agency.records.models import (
    Claim,
    ClaimEvent,
    Creditor,
    DebtorAddress,
    Letter,
    Posting,
    ReceivedCommand,
)
from punktlig.core.claim_balance import ClaimBalance, claim_balance
from punktlig.core.money import Money
from punktlig.core.refusal import Refusal
from punktlig.exchange.messages import Address
from punktlig.tenancy.context import acting_for
from tests.agency.rounds import WEDNESDAY, accept, morning, pay
from tests.agency.samples import make_creditor, make_platform

if TYPE_CHECKING:
    from collections.abc import Sequence

    from punktlig.agency.records.handing_over import DueLetter

pytestmark = pytest.mark.django_db

EARLIER = WEDNESDAY - timedelta(days=12)


@dataclass(frozen=True)
class Told:
    """A payment or credit note, told now, that was booked so many days ago."""

    ore: int
    days_ago: int = 0
    kind: Literal["payment", "credit_note"] = "payment"


@dataclass(frozen=True)
class TakeBack:
    """A payment is taken back: the one so far down the list of those told."""

    place: int


@dataclass(frozen=True)
class TakeBackAtDesk:
    """The agency's own people take back a payment: the one so far down the list of those that count."""

    place: int


@dataclass(frozen=True)
class Pass:
    """So many days go by, and then the round runs."""

    days: int


@dataclass(frozen=True)
class Take:
    """The letters that may leave are given to their gateways, which have not answered yet."""


@dataclass(frozen=True)
class Hear:
    """The gateways answer."""

    verdict: Verdict
    for_good: bool = False


@dataclass(frozen=True)
class Crash:
    """The worker that had the letters was killed before the batch was written; another takes what may leave."""


@dataclass(frozen=True)
class SendBack:
    """The printer sends a letter back after all."""


@dataclass(frozen=True)
class GiveAddress:
    """The debtor is found in this street."""

    street: str


@dataclass(frozen=True)
class Decide:
    """Somebody ends the claim, or lets it go on."""

    how: Literal["paid", "withdrawn", "again"]


type Doing = Told | TakeBack | TakeBackAtDesk | Pass | Take | Hear | Crash | SendBack | GiveAddress | Decide

DOINGS = st.one_of(
    st.builds(
        Told,
        ore=st.sampled_from([1, 60_00, 100_00, 350_00, 1200_00, 1270_19, 1290_00]) | st.integers(1, 2000_00),
        days_ago=st.integers(0, 9),
        kind=st.sampled_from(["payment", "payment", "credit_note"]),
    ),
    st.builds(TakeBack, place=st.integers(0, 3)),
    st.builds(TakeBackAtDesk, place=st.integers(0, 3)),
    st.builds(Pass, days=st.integers(1, 6)),
    st.just(Take()),
    st.builds(Hear, verdict=st.sampled_from(Verdict), for_good=st.booleans()),
    st.just(Crash()),
    st.just(SendBack()),
    st.builds(GiveAddress, street=st.sampled_from(["Tallstigen 2", "Granvägen 3"])),
    st.builds(Decide, how=st.sampled_from(["paid", "withdrawn", "again", "again"])),
)


@dataclass
class Story:
    """One claim, and the day it is."""

    creditor: Creditor
    claim: Claim
    day: date = WEDNESDAY
    minutes: int = 0
    held: list[DueLetter] = field(default_factory=list)
    batch: dict[str, object] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        self.minutes += 11  # longer than a lease
        return morning(self.day) + timedelta(minutes=self.minutes)

    def do(self, doing: Doing) -> None:
        match doing:
            case Told():
                booked = self.day - timedelta(days=doing.days_ago)
                amount = str(Money(doing.ore))
                pay(self.creditor, self.claim, amount, day=booked, at=self.now, kind=doing.kind)
            case TakeBack():
                self.take_back(doing)
            case TakeBackAtDesk():
                self.take_back_at_desk(doing)
            case Pass():
                self.day, self.minutes = self.day + timedelta(days=doing.days), 0
                run_daily_round(today=self.day, at=self.now)
            case Take():
                self.take()
            case Hear():
                self.hear(doing)
            case Crash():
                self.crash()
            case SendBack() | GiveAddress() | Decide():
                self.handle(doing)

    def handle(self, doing: SendBack | GiveAddress | Decide) -> None:
        match doing:
            case SendBack():
                self.ask(refuse_letter, reason="fel adress")
            case GiveAddress():
                address = Address(lines=(doing.street,), postcode="123 47", town="Lillsjön")
                self.ask(give_new_address, address=address)
            case Decide():
                self.ask({"paid": close_as_paid, "withdrawn": withdraw, "again": try_again}[doing.how])

    def take_back(self, doing: TakeBack) -> None:
        with acting_for(self.creditor.id):
            told = ReceivedCommand.objects.filter(claim=self.claim, kind="payment").order_by("received_at", "id")
            payments = list(told.values_list("id", "amount_ore"))
        if payments:
            payment_id, ore = payments[doing.place % len(payments)]
            amount, told_of = str(Money(ore)), {"kind": "reversal", "reverses": payment_id}
            pay(self.creditor, self.claim, amount, day=self.day, at=self.now, **told_of)

    def take_back_at_desk(self, doing: TakeBackAtDesk) -> None:
        with acting_for(self.creditor.id):
            payments = counted_payments(self.creditor, Claim.objects.get(id=self.claim.id))
        if payments:
            payment = payments[doing.place % len(payments)]
            self.ask(take_back_wrong_payment, payment_id=payment.id, note="fel faktura")

    def take(self) -> None:
        self.batch_id = uuid4()
        for way in ("email", "print"):
            with acting_for(self.creditor.id):
                self.held += claim_due(
                    self.creditor.id,
                    way,
                    today=self.day,
                    at=self.now,
                    batch_id=self.batch_id if way == "print" else None,
                )

    def hear(self, told: Hear) -> None:
        answers = [
            Answer(delivery_id=letter.delivery_id, verdict=told.verdict, for_good=told.for_good) for letter in self.held
        ]
        self.held = []
        with acting_for(self.creditor.id):
            settle(self.creditor.id, answers, today=self.day, at=self.now)

    def crash(self) -> None:
        if self.held:
            with acting_for(self.creditor.id):
                self.held = claim_batch(self.creditor.id, self.batch_id, written=False, today=self.day, at=self.now)

    def ask(self, verb: object, **changes: object) -> None:
        assert callable(verb)
        with suppress(Refusal), acting_for(self.creditor.id):
            verb(self.creditor.id, self.claim.id, actor="Maja Lind", today=self.day, at=self.now, **changes)

    def check(self) -> None:
        with acting_for(self.creditor.id):
            claim = Claim.objects.get(id=self.claim.id)
            facts = balance_facts(self.creditor, [claim])[claim.id]
            balance = claim_balance(facts, self.day)
            told = ClaimEvent.objects.filter(claim=claim).latest("sequence").summary
            entries = Posting.objects.filter(claim=claim).values("entry").annotate(sum=Sum("amount_ore"))
            assert {entry["sum"] for entry in entries} <= {0}
            accounts = self.accounts(claim)
            counting = ReceivedCommand.objects.filter(claim=claim, state="confirmed", reversed_at=None, reverses=None)
            came = counting.aggregate(ore=Sum("amount_ore"))
        assert balance.known
        assert accounts["principal_owed"] == balance.principal_left.ore >= 0
        assert accounts["fees_owed"] == balance.fees.ore >= 0
        assert accounts["interest_owed"] == _fixed_and_owed(balance)
        assert 0 <= accounts["interest_owed"] <= balance.interest.ore
        # What is owed to the creditor, less what it had already, is what was there from the beginning.
        assert accounts["paid_to_creditor"] + accounts["credited_by_creditor"] >= 0
        closed_to_creditor = balance.turnover.closed.total.ore if claim.status == "paid" else 0
        assert (
            accounts["paid_to_creditor"] + accounts["credited_by_creditor"]
            == (came["ore"] or 0) - balance.overpaid.ore + closed_to_creditor
        )
        # A summary tells the balance of its own day, and nothing changes it without an event.
        assert told["balance"] == str(claim_balance(facts, date.fromisoformat(told["balance_day"])).total)
        assert told["status"] == claim.status
        if claim.status in ("paid", "closed"):
            assert balance.total == Money(0)

        self.check_letters(claim)

    def check_letters(self, claim: Claim) -> None:
        """Hold one letter at most in force, told as the claim says, and none waiting where none may leave."""
        with acting_for(self.creditor.id):
            letters = list(Letter.objects.filter(claim=claim, replaced_at__isnull=True))
            correct = [letter for letter in letters if must_be_corrected(letter)]
            charges = standing_charges(self.creditor, [claim.id])
            told = Letter.objects.filter(claim=claim, left_at__isnull=False, stopped_at__isnull=True).exists()
            given = DebtorAddress.objects.filter(claim=claim).exists()
            out = letter_out(claim)
        assert len(letters) <= 1
        assert len(charges) <= 1
        waiting = [letter for letter in letters if letter.left_at is None and letter.stopped_at is None]
        if claim.status in ("paid", "closed") or claim.needs_person == "letter_refused":
            # What a gateway has is out of reach.
            assert all(letter.handed_at for letter in waiting)
        if claim.status == "reminder_sent":
            assert [letter.left_at is not None for letter in letters] == [True]
        if claim.status in ("received", "reminder_sent"):
            corrects = bool(correct or (told and claim.status == "received"))
            assert corrects == (claim.next_event == "correction_is_issued")
        if told and claim.status == "received":
            # Whatever is planned, the letter may come back.
            assert out is not None or given

    def accounts(self, claim: Claim) -> dict[str, int]:
        sums = Posting.objects.filter(claim=claim).values("account").annotate(total=Sum("amount_ore"))
        return defaultdict(int, sums.values_list("account", "total"))


def _fixed_and_owed(balance: ClaimBalance) -> int:
    turnover = balance.turnover
    lowered = turnover.paid + turnover.credited + turnover.waived + turnover.closed
    return (turnover.interest_fixed - lowered.interest).ore


REMINDED = (Pass(1), Take())
SENT = (*REMINDED, Hear(Verdict.ACCEPTED))
STORIES: dict[str, tuple[Doing, ...]] = {
    "refused after a payment had been split costs first": (*SENT, Told(100_00), SendBack()),
    "refused for good while a payment came": (*REMINDED, Told(1200_00), Hear(Verdict.REFUSED, for_good=True)),
    "refused after the claim was paid": (*REMINDED, Told(1290_00), Hear(Verdict.REFUSED, for_good=True)),
    "not left after all, made anew": (*REMINDED, Told(100_00), Hear(Verdict.NOT_YET), Pass(5), *REMINDED),
    "not left after all, and the claim was paid": (*REMINDED, Told(1290_00), Hear(Verdict.NOT_YET), Pass(5)),
    "refused by e-mail days later, so it goes to print": (
        *REMINDED,
        Pass(6),
        Told(100_00, days_ago=3),
        Told(1),
        Pass(11),
        Hear(Verdict.REFUSED),
        Pass(5),
    ),
    "left on its day while a payment came": (*REMINDED, Told(100_00), Hear(Verdict.ACCEPTED)),
    "taken again after a crash, a payment in between": (*REMINDED, Told(100_00), Crash(), Pass(1), Take()),
    "told late, of a day before the letter": (*SENT, Told(100_00), Told(1200_00, days_ago=3), Pass(1)),
    "two told late": (*SENT, Told(100_00), Told(350_00, 9, "credit_note"), Told(60_00, 9), Pass(3)),
    "withdrawn, then the letter refused": (
        *REMINDED,
        Told(100_00),
        Decide("withdrawn"),
        Hear(Verdict.REFUSED, for_good=True),
        Pass(1),
    ),
    "closed as paid, then the letter refused": (*REMINDED, Decide("paid"), Hear(Verdict.REFUSED, for_good=True)),
    "paid before the letter, and taken back": (Told(1200_00), Pass(1), TakeBack(0), Pass(1), *SENT, Told(1290_00)),
    "paid while the letter waited, and taken back": (Pass(1), Told(1290_00), TakeBack(0), Pass(1), Take()),
    "paid while the letter was leaving, and taken back": (
        *REMINDED,
        Told(1290_00),
        TakeBack(0),
        Hear(Verdict.ACCEPTED),
        Told(100_00),
        Pass(9),
    ),
    "paid while the letter did not leave, and taken back": (
        *REMINDED,
        Told(1290_00),
        Hear(Verdict.NOT_YET),
        TakeBack(0),
        Pass(5),
        *REMINDED,
        Hear(Verdict.ACCEPTED),
    ),
    "paid before the letter's date but told after it, and taken back": (
        *SENT,
        Told(1200_00, days_ago=3),
        TakeBack(0),
        Pass(3),
        Told(1200_00),
    ),
    "told with the handover, taken back before the letter": (TakeBackAtDesk(0), *SENT, Told(100_00), Pass(4)),
    "told with the handover, taken back after the letter": (*SENT, TakeBackAtDesk(0), Pass(4), Take(), Pass(1)),
    "counted in the letter, taken back, corrected, paid": (
        Told(350_00),
        *SENT,
        TakeBackAtDesk(1),
        *REMINDED,
        Hear(Verdict.ACCEPTED),
        Told(1290_00),
    ),
    "counted in the letter and costs paid since, corrected": (
        Told(350_00),
        *SENT,
        Told(100_00, days_ago=0),
        TakeBackAtDesk(1),
        Told(60_00),
        *REMINDED,
        Told(1),
        Hear(Verdict.ACCEPTED),
        Told(100_00, days_ago=5),
        Pass(12),
    ),
    "corrected, but paid before the correction left": (
        Told(350_00),
        *SENT,
        TakeBackAtDesk(1),
        Pass(1),
        Told(2000_00),
        TakeBack(1),
        *REMINDED,
        Hear(Verdict.ACCEPTED),
        Pass(9),
    ),
    "the correction comes back": (Told(350_00), *SENT, TakeBackAtDesk(1), *SENT, SendBack(), Pass(2), Told(2000_00)),
    "the letter comes back while it is to be corrected": (
        Told(350_00),
        *SENT,
        TakeBackAtDesk(1),
        SendBack(),
        Pass(2),
        Decide("again"),
    ),
    "the correction is too old and is made anew": (
        Told(350_00),
        *SENT,
        TakeBackAtDesk(0),
        Pass(1),
        Pass(6),
        TakeBackAtDesk(0),
        Pass(1),
        Take(),
        Hear(Verdict.UNKNOWN),
        Pass(1),
    ),
    "what the letter said was paid, and what it counted taken back": (
        Told(350_00),
        *SENT,
        Told(713_00),
        TakeBackAtDesk(1),
        Pass(9),
    ),
    "the invoice is covered and charges are left when it is corrected": (
        Told(350_00),
        *SENT,
        Pass(14),
        Told(1000_00),
        TakeBackAtDesk(1),
        *REMINDED,
        Decide("again"),
        Pass(1),
        Decide("paid"),
    ),
    "the letter comes back while the correction waits, and the debtor is found": (
        Told(350_00),
        *SENT,
        Told(100_00),
        TakeBackAtDesk(1),
        Pass(1),
        Told(60_00),
        SendBack(),
        Pass(2),
        GiveAddress("Tallstigen 2"),
        *SENT,
        SendBack(),
        Told(1290_00),
        TakeBack(0),
        GiveAddress("Granvägen 3"),
        *SENT,
    ),
    "the letter comes back while the correction waits, which settles the claim": (
        Told(60_00),
        *SENT,
        TakeBackAtDesk(1),
        Pass(1),
        Told(1000_00),
        SendBack(),
        TakeBackAtDesk(0),
        Pass(1),
    ),
    "the letter comes back while the correction is leaving, and then the correction": (
        Told(350_00),
        *SENT,
        TakeBackAtDesk(1),
        *REMINDED,
        SendBack(),
        Hear(Verdict.NOT_YET),
        SendBack(),
        Pass(1),
        GiveAddress("Tallstigen 2"),
        *SENT,
        TakeBackAtDesk(0),
        *SENT,
        SendBack(),
    ),
    "a payment that stopped the correction is taken back, and then the letter comes back": (
        Told(350_00),
        *SENT,
        TakeBackAtDesk(1),
        Pass(1),
        Told(1290_00),
        TakeBackAtDesk(1),
        SendBack(),
        Pass(1),
        GiveAddress("Tallstigen 2"),
        *SENT,
    ),
    "withdrawn, then taken back": (Told(350_00), *SENT, Decide("withdrawn"), TakeBackAtDesk(1), TakeBackAtDesk(0)),
    "ended as paid, then taken back": (Told(350_00), *SENT, Decide("paid"), TakeBackAtDesk(1), TakeBackAtDesk(0)),
    "one of two taken back, the letter sent back, the other too": (
        *SENT,
        Told(350_00),
        Told(1290_00),
        TakeBack(0),
        TakeBack(1),
        SendBack(),
        Pass(2),
    ),
}


CONSUMER: dict[str, Any] = {}
CONSUMER_WITHOUT_FEE: dict[str, Any] = {"terms": {"reminder_fee_agreed_since": None}}
TRADER: dict[str, Any] = {
    "debtor": {"name": "Granlunda Bygg AB", "kind": "trader", "identity_number": "559012-3468"},
    "terms": {"reminder_fee_agreed_since": None, "claims_compensation": True},
}


ABROAD: dict[str, Any] = {
    "debtor": {
        "address": Address(lines=("Mannerheimvägen 4",), postcode="00100", town="Helsingfors", country="FI"),
        "language": "en",
    }
}
ROT: dict[str, Any] = {
    "deduction": "rot",
    "customer_share": Money.parse("840.00"),
    "total": Money.parse("1200.00"),
}


def _tell(
    doings: Sequence[Doing],
    *,
    by_email: bool,
    told_before: Sequence[tuple[date, str]],
    who: dict[str, Any] = CONSUMER,
) -> None:
    creditor = make_creditor(make_platform())
    creditor.sends_by_email = by_email
    creditor.save()
    story = Story(creditor, accept(creditor, payments=told_before, **who))
    story.check()
    for doing in doings:
        story.do(doing)
        story.check()


@pytest.mark.parametrize("by_email", [False, True])
@pytest.mark.parametrize("name", STORIES)
def test_the_journal_agrees_with_the_balance_of_stories_that_went_wrong(name: str, by_email: bool) -> None:
    _tell(STORIES[name], by_email=by_email, told_before=((EARLIER, "200.00"),))


@settings(max_examples=30, deadline=None, derandomize=True, database=None)
@given(
    begun=st.sampled_from(
        [(), (Told(350_00), *SENT, TakeBackAtDesk(0)), (Told(60_00), *SENT, TakeBackAtDesk(0), Pass(1))]
    ),
    doings=st.lists(DOINGS, min_size=3, max_size=14),
    by_email=st.booleans(),
    told_before=st.sampled_from([(), ((EARLIER, "200.00"),), ((EARLIER, "700.00"),)]),
    who=st.sampled_from([CONSUMER, CONSUMER_WITHOUT_FEE, TRADER, ABROAD, ROT]),
)
def test_the_journal_agrees_with_the_balance_whatever_is_done(
    begun: Sequence[Doing],
    doings: list[Doing],
    by_email: bool,
    told_before: Sequence[tuple[date, str]],
    who: dict[str, Any],
) -> None:
    _tell([*begun, *doings], by_email=by_email, told_before=told_before, who=who)
