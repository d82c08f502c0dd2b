"""The journal agrees with the balance also where no reference rate is known, and after one has been added late."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import given, settings
from hypothesis import strategies as st

from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.records.claim_money import balance_facts
from punktlig.agency.records.claim_words import event_words
from punktlig.agency.records.handing_over import Verdict
from punktlig.agency.records.models import Claim, ClaimEvent, Posting, ReceivedCommand
from punktlig.agency.records.reference_rates import known_rates
from punktlig.core.claim_balance import ClaimBalance, claim_balance
from punktlig.core.money import Money
from punktlig.core.refusal import Refusal
from punktlig.tenancy.context import acting_for
from tests.agency import rates
from tests.agency.records.test_journal_balance import (
    CONSUMER,
    DOINGS,
    TRADER,
    Decide,
    Hear,
    Pass,
    Story,
    Take,
    TakeBackAtDesk,
    Told,
    _fixed_and_owed,
)
from tests.agency.rounds import accept
from tests.agency.samples import make_creditor, make_platform

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.agency.records.test_journal_balance import Doing

pytestmark = pytest.mark.django_db

DECEMBER = date(2026, 12, 22)


@dataclass(frozen=True)
class AddRate:
    """Two people add the rate of the half-year, if nobody has."""

    percent: str


class NewYearStory(Story):
    """A claim that was received just before the last day whose rate the program knows."""

    is_over = False

    def go(self, doing: Doing | AddRate) -> None:
        if isinstance(doing, AddRate):
            with suppress(Refusal), transaction.atomic():
                rates.add(doing.percent, today=max(self.day, DECEMBER), valid_from=rates.JANUARY)
            run_daily_round(today=self.day, at=self.now)
        else:
            self.do(doing)
        self.look()

    def look(self) -> None:
        with acting_for(self.creditor.id):
            claim = Claim.objects.get(id=self.claim.id)
            known = known_rates(self.day)
            facts = balance_facts(self.creditor, [claim])[claim.id]
            balance = claim_balance(facts, self.day, known)
            told = ClaimEvent.objects.filter(claim=claim).latest("sequence").summary
            entries = Posting.objects.filter(claim=claim).values("entry").annotate(sum=Sum("amount_ore"))
            assert {entry["sum"] for entry in entries} <= {0}
            accounts = self.accounts(claim)
            counting = ReceivedCommand.objects.filter(claim=claim, state="confirmed", reversed_at=None, reverses=None)
            came = counting.aggregate(ore=Sum("amount_ore"))
        assert accounts["principal_owed"] == balance.principal_left.ore >= 0
        assert accounts["fees_owed"] == balance.fees.ore >= 0
        assert accounts["interest_owed"] == _fixed_and_owed(balance) >= 0
        assert accounts["waived"] == self.waived(balance, is_paid=claim.status == "paid")
        if claim.status in ("paid", "closed"):
            assert balance.known
            assert (balance.total, told["balance"]) == (Money(0), "0.00")
            # What ended it was shared out by the rates that were known then, and is not shared out anew.
            self.is_over = True
        closed_to_creditor = balance.turnover.closed.total.ore if claim.status == "paid" else 0
        booked = accounts["paid_to_creditor"] + accounts["credited_by_creditor"]
        counted = (came["ore"] or 0) - balance.overpaid.ore + closed_to_creditor
        assert booked == counted if balance.known else 0 <= booked <= counted
        if not self.is_over and told["balance"] is not None:
            then = date.fromisoformat(told["balance_day"])
            assert told["balance"] == str(claim_balance(facts, then, known).total)
        self.check_letters(claim)

    def waived(self, balance: ClaimBalance, *, is_paid: bool) -> int:
        """Return what was let go of by the balance; a claim closed as paid has its rest with the creditor."""
        closed = 0 if is_paid else balance.turnover.closed.total.ore
        return balance.turnover.waived.total.ore + closed


def _tell(doings: Sequence[Doing | AddRate], *, by_email: bool, who: dict[str, Any] = CONSUMER) -> NewYearStory:
    creditor = make_creditor(make_platform())
    creditor.sends_by_email = by_email
    creditor.save()
    story = NewYearStory(creditor, accept(creditor, DECEMBER, **who), DECEMBER)
    story.look()
    for doing in doings:
        story.go(doing)
    return story


STORIES: dict[str, tuple[Doing | AddRate, ...]] = {
    "paid in part where no rate is known, which is added late": (
        Pass(1), Take(), Hear(Verdict.ACCEPTED), Pass(14), Told(100_00), Pass(3), AddRate("2.50"), Pass(1),
    ),
    "paid by the last day where no rate is known": (
        Pass(8), Take(), Hear(Verdict.ACCEPTED), Pass(6), Told(1290_00), AddRate("3.00"), Pass(1),
    ),
    "withdrawn where no rate is known": (Pass(1), Take(), Pass(14), Told(100_00), Decide("withdrawn"), AddRate("1.00")),
    "closed as paid where no rate is known, then the letter refused": (
        Pass(1), Take(), Pass(14), Told(100_00), Decide("paid"), Hear(Verdict.REFUSED, for_good=True), AddRate("1.00"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("by_email", [False, True])
@pytest.mark.parametrize("name", STORIES)
def test_the_journal_agrees_with_the_balance_over_new_year(name: str, by_email: bool) -> None:
    _tell(STORIES[name], by_email=by_email)


@pytest.mark.parametrize("how", ["paid", "withdrawn"])
def test_the_end_tells_how_far_interest_was_reckoned(how: Literal["paid", "withdrawn"]) -> None:
    story = _tell((Pass(1), Take(), Pass(14), Decide(how)), by_email=False)
    with acting_for(story.creditor.id):
        ended = ClaimEvent.objects.get(claim=story.claim, kind="claim_closed")
    assert ended.facts["rates_known_through"] == "2026-12-31"
    words = event_words(ended.kind, ended.facts).replace("\u00a0", " ")
    assert words.endswith("Räntan räknades till och med 31 december 2026.")


def test_an_end_whose_rate_is_known_says_nothing_of_it() -> None:
    story = _tell((Pass(1), Take(), Pass(2), Decide("withdrawn")), by_email=False)
    with acting_for(story.creditor.id):
        ended = ClaimEvent.objects.get(claim=story.claim, kind="claim_closed")
    assert "rates_known_through" not in ended.facts


@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(
    begun=st.sampled_from([(), (Told(350_00), Pass(1), Take(), Hear(Verdict.ACCEPTED), Pass(5), TakeBackAtDesk(0))]),
    doings=st.lists(
        DOINGS | st.builds(Pass, days=st.integers(3, 12)) | st.builds(AddRate, st.sampled_from(["0.00", "2.50"])),
        min_size=4,
        max_size=14,
    ),
    by_email=st.booleans(),
    who=st.sampled_from([CONSUMER, TRADER]),
)
def test_the_journal_agrees_with_the_balance_whatever_is_done_over_new_year(
    begun: Sequence[Doing], doings: list[Doing | AddRate], by_email: bool, who: dict[str, Any]
) -> None:
    _tell([*begun, *doings], by_email=by_email, who=who)
