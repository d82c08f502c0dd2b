"""What every message to the agency carries: its exact bytes, and when it is tried next."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from django.db import connection, models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Greatest, Least

from punktlig.exchange.outcomes import Why
from punktlig.receivables.records.agency_address import is_web_page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from punktlig.exchange.outcomes import Unknown

# Longer than any one attempt may take, so that two workers seldom have the same bytes in hand. When it happens all the
# same, the agency answers both alike.
LEASE = timedelta(minutes=10)
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=15)
# From then on a person is told that the agency gives no answer.
LATE_AFTER = timedelta(hours=1)
_MOST_DOUBLINGS = 16
_MOST_PROBLEM = 300


class Outgoing(models.Model):
    """A message that is sent, the same bytes at every attempt, until it has an answer.

    `leased_until` is set by the worker that has it in hand, and so names that sending; a worker that dies leaves a
    lease that runs out. `last_problem` is the latest answer that was no answer: a word of `exchange.outcomes.Why`, a
    space, and a technical detail. `unheard` is how many of the attempts had no answer while the agency's feed had none
    either: they say nothing about this message, which is tried at once when the agency answers again.
    """

    body = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    attempts = models.IntegerField(default=0)
    next_try_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    last_problem = models.CharField(max_length=300, blank=True)
    first_tried_at = models.DateTimeField(null=True, blank=True)
    unheard = models.IntegerField(default=0, db_default=0)

    class Meta:
        abstract = True

    def is_late(self, at: datetime) -> bool:
        """Whether it has been tried for so long without an answer that a person should know.

        Asked of a message that still waits for its answer.
        """
        return bool(self.last_problem) and self.first_tried_at is not None and self.first_tried_at <= at - LATE_AFTER


def is_due(at: datetime) -> Q:
    """Return the condition of a message that may be tried now and is in nobody's hand."""
    return Q(next_try_at__lte=at) & (Q(leased_until__isnull=True) | Q(leased_until__lte=at))


def take_due[Message: Outgoing](waiting: models.QuerySet[Message], *, most: int, at: datetime) -> list[Message]:
    """Return at most so many of the waiting messages that are due, each now leased to the caller and counted as tried.

    The caller has a transaction, and sends after it has been committed. Others pass by what somebody holds.
    """
    due = waiting.filter(is_due(at)).order_by("next_try_at", "id")
    taken = list(due.select_for_update(skip_locked=True, of=("self",))[:most])
    if taken:
        waiting.model._default_manager.filter(pk__in=[one.pk for one in taken]).update(  # noqa: SLF001 - Django's documented model API
            leased_until=at + LEASE,
            attempts=F("attempts") + 1,
            first_tried_at=Coalesce(F("first_tried_at"), at),
        )
        for one in taken:
            one.attempts += 1
            one.leased_until = at + LEASE
    return taken


def wait_after(attempts: int, *, retry_after: float | None, spread: float) -> timedelta:
    """Return how long to wait after so many attempts: doubled each time, and never less than the agency asked for.

    `spread` is a random number from 0 to 1: between half and all of the time is waited, so that many do not come back
    in the same moment.
    """
    doubled = FIRST_WAIT * (1 << min(max(attempts - 1, 0), _MOST_DOUBLINGS))
    wait = min(doubled, LONGEST_WAIT) * (0.5 + spread / 2)
    if retry_after is None:
        return wait
    return max(wait, timedelta(seconds=retry_after) + FIRST_WAIT * spread)


# An agency that names a time, or says that it gets too much, has answered: then its time is waited out. The attempts
# before it, that it did not hear, are taken off then as well.
_PUT_OFF = """
UPDATE {table} AS message SET next_try_at = told.at, last_problem = told.problem, leased_until = NULL,
    attempts = CASE WHEN told.is_asked THEN greatest(message.attempts - message.unheard, 0) ELSE message.attempts END,
    unheard = CASE WHEN told.is_asked THEN 0 ELSE message.unheard + silence.count END
FROM unnest(%s::uuid[], %s::timestamptz[], %s::text[], %s::boolean[]) AS told (id, at, problem, is_asked),
    (SELECT count(*) FROM receivables_feed_cursor WHERE last_problem <> '') AS silence (count)
WHERE message.company_id = %s AND message.id = told.id
"""


def put_off(record: type[Outgoing], company_id: UUID, unknown: Sequence[tuple[UUID, datetime, Unknown]]) -> None:
    """Let each of these messages be tried again at its moment, and keep why the last attempt gave no answer."""
    if not unknown:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _PUT_OFF.format(table=record._meta.db_table),  # noqa: SLF001 - Django's documented model API
            [
                [message_id for message_id, _, _ in unknown],
                [moment for _, moment, _ in unknown],
                [f"{no.why.value} {no.detail}"[:_MOST_PROBLEM].strip() for _, _, no in unknown],
                [no.retry_after is not None or no.why is Why.TOO_MANY_REQUESTS for _, _, no in unknown],
                company_id,
            ],
        )


def unheard[Message: Outgoing](waiting: models.QuerySet[Message]) -> models.QuerySet[Message]:
    """Return those of the waiting messages that the agency has let go by while it answered nobody."""
    return waiting.filter(unheard__gt=0)


def try_again[Message: Outgoing](waiting: models.QuerySet[Message], *, at: datetime) -> int:
    """Let those that went unheard be tried now, as if they had not been tried meanwhile; return how many.

    What somebody has in hand stays there, and is found here the next time, when it has been put off. The caller has a
    transaction.
    """
    free = unheard(waiting).filter(Q(leased_until__isnull=True) | Q(leased_until__lte=at))
    # Those who take and settle messages hold their rows, and are not waited for.
    held = free.select_for_update(skip_locked=True, of=("self",)).values("pk")
    return waiting.model._default_manager.filter(pk__in=held).update(  # noqa: SLF001 - Django's documented model API
        next_try_at=Least("next_try_at", Value(at)),
        attempts=Greatest(F("attempts") - F("unheard"), 0),
        unheard=0,
    )


def fitting(record: type[models.Model], column: str, text: str) -> str:
    """Return a text of the agency's as the column can hold it: what is too long or no text must not stop the rest."""
    return text.replace("\x00", "")[: _longest(record, column)]


def fitting_address(record: type[models.Model], column: str, text: str) -> str:
    """Return an address of the agency's pages as the column can hold it, or nothing when no link may lead there."""
    told = text.strip(" ")
    is_whole = len(told) <= (_longest(record, column) or 0)
    return told if is_whole and is_web_page(told) else ""


@cache
def _longest(record: type[models.Model], column: str) -> int | None:
    field = record._meta.get_field(column)  # noqa: SLF001 - Django's documented model API
    assert isinstance(field, models.CharField)  # noqa: S101 - asked of our own columns only
    return field.max_length
