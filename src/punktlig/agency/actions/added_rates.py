"""Add the reference rate of the next half-year: one person enters it with its source, another approves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from procrastinate.contrib.django import app

from punktlig.agency.records.added_rate import AddedRate
from punktlig.agency.records.reference_rates import all_known_rates
from punktlig.core.added_rates import refuse_unless_approvable, refuse_unless_enterable
from punktlig.core.refusal import Refusal

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal
    from uuid import UUID

    from punktlig.core.statutes.reference_rates import ReferenceRate
    from punktlig.tenancy.models import User

_ONE_A_HALF_YEAR = "one_rate_a_half_year"


@dataclass(eq=False)
class RateWaits(Refusal):
    """A rate of that half-year has been entered and waits for its second person."""

    valid_from: date
    percent: Decimal


@dataclass(eq=False)
class RateIsAnswered(Refusal):
    """The rate was approved or taken back before."""


def enter_rate(row: ReferenceRate, *, by: User, today: date, at: datetime) -> AddedRate:
    """Store the rate of the next half-year. Nothing is reckoned with it until another person has approved it.

    Raises:
        RateWaits: one of the half-year waits already.
        Refusal: what `core.added_rates.entry_refusals` says.
    """
    refuse_unless_enterable(all_known_rates(), row, today=today)
    try:
        with transaction.atomic():
            return AddedRate.objects.create(
                valid_from=row.valid_from,
                percent=row.percent,
                source=row.source.strip(),
                entered_by=by,
                entered_at=at,
            )
    except IntegrityError as error:
        if _ONE_A_HALF_YEAR not in str(error):
            raise
    waiting = AddedRate.objects.filter(valid_from=row.valid_from, withdrawn_at__isnull=True).first()
    raise RateWaits(row.valid_from, waiting.percent if waiting else row.percent)


def approve_rate(rate_id: UUID, *, by: User, today: date, at: datetime) -> AddedRate:
    """Let the rate count from now on, in every process: claims that waited for it go on with the next round.

    Raises:
        RateIsAnswered: it was approved or taken back before.
        RateNeedsSecondPerson: the same person entered it.
        Refusal: what `core.added_rates.entry_refusals` says by now.
        AddedRate.DoesNotExist.
    """
    with transaction.atomic():
        rate = _locked(rate_id)
        refuse_unless_approvable(
            all_known_rates(),
            rate.row,
            entered_by=rate.entered_by_id,
            entered_name=rate.entered_by.name,
            approver=by.id,
            today=today,
        )
        rate.approved_by, rate.approved_at = by, at
        rate.save(update_fields=["approved_by", "approved_at"])
        app.configure_task("daily_round").defer()
    return rate


def withdraw_rate(rate_id: UUID, *, by: User, at: datetime) -> AddedRate:
    """Take back a rate that nobody has approved; anybody who may enter one may. It stays in the list.

    Raises:
        RateIsAnswered: it was approved or taken back before. An approved rate stays.
        AddedRate.DoesNotExist.
    """
    with transaction.atomic():
        rate = _locked(rate_id)
        rate.withdrawn_by, rate.withdrawn_at = by, at
        rate.save(update_fields=["withdrawn_by", "withdrawn_at"])
    return rate


def _locked(rate_id: UUID) -> AddedRate:
    rate = AddedRate.objects.select_for_update(of=("self",)).select_related("entered_by").get(id=rate_id)
    if not rate.waits:
        raise RateIsAnswered
    return rate
