"""A reference rate of 2027, entered by one administrator and approved by another."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from punktlig.agency.actions.added_rates import approve_rate, enter_rate
from punktlig.agency.records.models import Member
from punktlig.core.statutes.reference_rates import ReferenceRate
from punktlig.tenancy.models import User
from tests.agency.rounds import morning

if TYPE_CHECKING:
    from punktlig.agency.records.models import AddedRate

JANUARY = date(2027, 1, 1)
NEW_YEARS_EVE = date(2026, 12, 31)
SOURCE = "Riksbankens sida, läst 31 december; SFS 2026:1400"


def administrator(name: str) -> User:
    user = User.objects.create_user(f"{name.split(maxsplit=1)[0].lower()}@example.com", None, name=name)
    Member.objects.create(user=user, creditor=None, role="agency_admin")
    return user


def rate(percent: str = "2.50", valid_from: date = JANUARY, source: str = SOURCE) -> ReferenceRate:
    return ReferenceRate(valid_from, Decimal(percent), source)


def enter(by: User, percent: str = "2.50", *, today: date = NEW_YEARS_EVE, valid_from: date = JANUARY) -> AddedRate:
    return enter_rate(rate(percent, valid_from), by=by, today=today, at=morning(today))


def add(percent: str = "2.50", *, today: date = NEW_YEARS_EVE, valid_from: date = JANUARY) -> AddedRate:
    """Enter and approve the rate by two new people."""
    count = User.objects.count()
    first, second = administrator(f"Ada{count} Lind"), administrator(f"Bo{count} Sund")
    entered = enter(first, percent, today=today, valid_from=valid_from)
    return approve_rate(entered.id, by=second, today=today, at=morning(today, 10))
