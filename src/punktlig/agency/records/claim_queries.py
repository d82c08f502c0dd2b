"""Lists of claims: selections with their counts and sums, search by how something begins, pages by key."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan

from punktlig.agency.records.claim import Claim
from punktlig.agency.records.claim_numbers import DIGITS, is_whole
from punktlig.agency.records.claim_words import OPEN
from punktlig.agency.records.creditor import Creditor
from punktlig.agency.records.search_keys import begins_with, key_of
from punktlig.exchange.messages import ClaimStatus, NextEvent
from punktlig.formats.ocr import ocr_reference

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

ROWS_ON_A_PAGE = 50
_MOST_GATHERED = 500
_DIGITS_GROUPED = str.maketrans("", "", " \u00a0-")


class Selection(StrEnum):
    """What can be looked at; each its own tab."""

    ONGOING = "ongoing"
    DECISION = "decision"
    PAID = "paid"
    CLOSED = "closed"
    ALL = "all"


@dataclass(frozen=True)
class Tally:
    """How many claims a selection has and what was claimed in them, in öre, before payments."""

    count: int
    ore: int


@dataclass(frozen=True)
class ClaimPage:
    """Some claims, newest first, and the claims that the page before and after begin from."""

    claims: list[Claim]
    earlier: UUID | None = None
    later: UUID | None = None


def condition(selection: Selection, today: date) -> Q:
    """Return which claims belong to the selection on the day."""
    ongoing = Q(status__in=OPEN)
    asked = Q(next_event=NextEvent.CREDITOR_DECIDES.value, next_event_day__lte=today)
    return {
        Selection.ONGOING: ongoing,
        Selection.DECISION: ongoing & (~Q(needs_person="") | asked),
        Selection.PAID: Q(status=ClaimStatus.PAID.value),
        Selection.CLOSED: Q(status=ClaimStatus.CLOSED.value),
        Selection.ALL: Q(),
    }[selection]


def tallies(creditor_id: UUID, today: date) -> dict[Selection, Tally]:
    """Return the count and sum of every selection: by status from the index alone, and of what is asked by its own."""
    claims = Claim.objects.filter(creditor_id=creditor_id).order_by()
    grouped = claims.values_list("status").annotate(Count("id"), Sum("principal_ore", default=0))
    by_status = {status: Tally(count, int(ore)) for status, count, ore in grouped}
    asked = claims.filter(condition(Selection.DECISION, today)).aggregate(
        count=Count("id"), ore=Sum("principal_ore", default=0)
    )

    def of(*statuses: str) -> Tally:
        found = [by_status[status] for status in statuses if status in by_status]
        return Tally(sum(tally.count for tally in found), sum(tally.ore for tally in found))

    return {
        Selection.ONGOING: of(*OPEN),
        Selection.DECISION: Tally(asked["count"], int(asked["ore"])),
        Selection.PAID: of(ClaimStatus.PAID.value),
        Selection.CLOSED: of(ClaimStatus.CLOSED.value),
        Selection.ALL: of(*by_status),
    }


def claims_of(creditor_id: UUID, selection: Selection, search: str, today: date) -> QuerySet[Claim, Claim]:
    """Return the creditor's claims in the selection that `_found` finds, or all of them without a search."""
    own = Claim.objects.filter(creditor_id=creditor_id)
    return _found(own, search).filter(condition(selection, today))


def claims_of_everyone(search: str) -> QuerySet[Claim, Claim]:
    """Return all creditors' claims that `_found` finds, or all without a search; for one who reads them all."""
    if not key_of(search):
        return Claim.objects.all()
    # Named one by one: the indexes that find a claim begin with its creditor.
    return _found(Claim.objects.filter(creditor_id__in=list(Creditor.objects.values_list("id", flat=True))), search)


def _found(claims: QuerySet[Claim, Claim], search: str) -> QuerySet[Claim, Claim]:
    """Return those whose number, payment reference, invoice number or debtor begins with the text."""
    key = key_of(search)
    if not key:
        return claims
    number = _claim_number(key)
    ranges = [begins_with("invoice_number_key", key), begins_with("debtor_key", key)]
    if number.isdigit():
        ranges.append(begins_with("number", number))
    if _are_many(claims, ranges):
        # A page of what so many begin with is found by walking the list; gathering them all first would take longer.
        return claims.filter(reduce(or_, ranges))
    # Ranges of indexes, one each; as one condition with OR the planner might walk the whole list for a single claim.
    return claims.filter(
        id__in=[claim_id for each in ranges for claim_id in claims.filter(each).values_list("id", flat=True)]
    )


def _claim_number(key: str) -> str:
    """Return the digits that a claim's number may begin with: of a payment reference, those it was made from."""
    digits = key.translate(_DIGITS_GROUPED)
    base = digits[:DIGITS]
    return base if is_whole(base) and ocr_reference(base) == digits else digits


def _are_many(claims: QuerySet[Claim, Claim], ranges: Sequence[Q]) -> bool:
    """Tell whether a range holds more claims than are gathered one by one; the count ends there."""
    return any(claims.filter(each)[: _MOST_GATHERED + 1].count() > _MOST_GATHERED for each in ranges)


def page_of(
    claims: QuerySet[Claim, Claim],
    *,
    after: Claim | None = None,
    before: Claim | None = None,
    size: int = ROWS_ON_A_PAGE,
) -> ClaimPage:
    """Return a page of claims, newest first: those after or before the claim that the neighbouring page ended with."""
    place = (F("received_at"), F("id"))
    claims = claims.defer("submission")
    if before is not None:
        rows = claims.filter(TupleGreaterThan(place, (before.received_at, before.id))).order_by("received_at", "id")
        found = list(rows[: size + 1])
        more, found = len(found) > size, found[:size][::-1]
        return ClaimPage(
            found, earlier=found[0].id if more and found else None, later=found[-1].id if found else before.id
        )
    if after is not None:
        claims = claims.filter(TupleLessThan(place, (after.received_at, after.id)))
    found = list(claims.order_by("-received_at", "-id")[: size + 1])
    more, found = len(found) > size, found[:size]
    return ClaimPage(
        found,
        earlier=found[0].id if after is not None and found else None,
        later=found[-1].id if more else None,
    )
