"""The journal of a claim agrees with its balance: what has gone through the claim and is not booked yet is booked.

Whatever changes a claim's balance ends with this: a payment, a credit note, a letter that never left, a charge taken
back, the end. Something told late moves what was allocated before, and so it is never the action's own amounts that are
booked but the difference between what the balance says and what the journal has.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db.models import Sum

from punktlig.agency.records.claim_money import balance_facts
from punktlig.agency.records.journal import Account, EntryKind, Posting
from punktlig.agency.records.journal_writing import NewEntry, write_entries
from punktlig.agency.records.reference_rates import known_rates
from punktlig.core.claim_balance import ClaimBalance, claim_balance
from punktlig.core.money import Money
from punktlig.core.turnover import Parts, Turnover

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from punktlig.agency.records.claim import Claim
    from punktlig.agency.records.creditor import Creditor
type _Rows = Mapping[tuple[EntryKind, Account], int]


@dataclass(frozen=True, slots=True)
class Because:
    """What the entries come from and the day they count; a mere correction comes from nothing and counts today."""

    source_id: UUID | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Booked:
    """The balance that the journal now agrees with, and what was booked for it."""

    balance: ClaimBalance
    moved: Turnover


_CORRECTION = Because()


def book_balances(
    creditor: Creditor,
    claims: Sequence[Claim],
    *,
    today: date,
    at: datetime,
    because: Because = _CORRECTION,
    closed_to: Account | None = None,
) -> dict[UUID, Booked]:
    """Book for each claim what its balance of today says and the journal does not, and return that by claim.

    The caller holds the claims' row locks and has stored everything the balance rests on, charges taken back included.
    With `closed_to` the claims end today, and what was left of them goes to that account.
    """
    if not claims:
        return {}
    rows, rates = _booked(creditor, claims), known_rates(today)
    entries: list[NewEntry] = []
    booked: dict[UUID, Booked] = {}
    for claim_id, facts in balance_facts(creditor, claims).items():
        own = rows[claim_id]
        balance = claim_balance(replace(facts, closed_on=today) if closed_to else facts, today, rates)
        # What was paid and credited before the handover never passed here: the agency took over what was left.
        passed_by = facts.owed - Money(own.get((EntryKind.CLAIM_RECEIVED, Account.PRINCIPAL_OWED), 0))
        turnover, credited = balance.turnover, facts.credited_before
        passed = replace(
            turnover,
            paid=turnover.paid - Parts(principal=passed_by - credited),
            credited=turnover.credited - Parts(principal=credited),
        )
        booked[claim_id] = Booked(balance, passed - _turnover(own))
        entries += [
            NewEntry(
                claim_id=claim_id,
                kind=kind,
                day=because.day or today,
                source_id=because.source_id,
                postings=postings,
            )
            for kind, postings in _postings(booked[claim_id].moved, closed_to or _closed_to(own))
            # An end is booked although nothing was left: it says on which day the claim ended.
            if any(ore for _, ore in postings) or (closed_to and kind is EntryKind.CLAIM_CLOSED)
        ]
    write_entries(creditor, entries, at=at)
    return booked


def _booked(creditor: Creditor, claims: Sequence[Claim]) -> dict[UUID, dict[tuple[EntryKind, Account], int]]:
    found: dict[UUID, dict[tuple[EntryKind, Account], int]] = defaultdict(dict)
    sums = (
        Posting.objects.filter(creditor=creditor, entry__creditor=creditor, claim__in=[claim.id for claim in claims])
        .order_by()
        .values_list("claim_id", "entry__kind", "account")
        .annotate(total=Sum("amount_ore"))
    )
    for claim_id, kind, account, total in sums:
        found[claim_id][EntryKind(kind), Account(account)] = int(total)
    return found


_PARTS = (
    ("fees", Account.FEES_OWED),
    ("interest", Account.INTEREST_OWED),
    ("principal", Account.PRINCIPAL_OWED),
)


def _turnover(rows: _Rows) -> Turnover:
    """Return what has gone through the claim by the journal."""

    def lowered(kind: EntryKind) -> Parts:
        return Parts(**{part: Money(-rows.get((kind, account), 0)) for part, account in _PARTS})

    return Turnover(
        interest_fixed=Money(rows.get((EntryKind.INTEREST_FIXED, Account.INTEREST_OWED), 0)),
        paid=lowered(EntryKind.PAYMENT_TO_CREDITOR),
        credited=lowered(EntryKind.CREDIT_NOTE),
        waived=lowered(EntryKind.WAIVER),
        closed=lowered(EntryKind.CLAIM_CLOSED),
    )


def _postings(moved: Turnover, closed_to: Account) -> list[tuple[EntryKind, tuple[tuple[Account, int], ...]]]:
    fixed = moved.interest_fixed.ore
    return [
        (EntryKind.INTEREST_FIXED, ((Account.INTEREST_OWED, fixed), (Account.DUE_TO_CREDITOR, -fixed))),
        (EntryKind.PAYMENT_TO_CREDITOR, _lowering(moved.paid, Account.PAID_TO_CREDITOR)),
        (EntryKind.CREDIT_NOTE, _lowering(moved.credited, Account.CREDITED_BY_CREDITOR)),
        (EntryKind.WAIVER, _lowering(moved.waived, Account.WAIVED)),
        (EntryKind.CLAIM_CLOSED, _lowering(moved.closed, closed_to)),
    ]


def _lowering(parts: Parts, to: Account) -> tuple[tuple[Account, int], ...]:
    return (to, parts.total.ore), *((account, -getattr(parts, part).ore) for part, account in _PARTS)


def _closed_to(rows: _Rows) -> Account:
    """Return the account that got what was left when the claim ended by decision."""
    paid = rows.get((EntryKind.CLAIM_CLOSED, Account.PAID_TO_CREDITOR), 0)
    return Account.PAID_TO_CREDITOR if paid else Account.WAIVED
