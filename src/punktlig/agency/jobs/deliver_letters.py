"""Give the letters that wait to their gateways: by e-mail one by one, by print as a batch for the printer.

What may leave is decided while it is taken, in a transaction of its creditor; drawing and giving away happen outside of
any transaction; what came of it is stored in another. Between the three the worker may be killed: leases run out, and
the next run finds the letters where they are. What comes in between the first and the second is looked for once more
just before a letter is given away.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.conf import settings

from punktlig.agency.actions.deliveries import (
    claim_batch,
    claim_due,
    creditors_with_due_letters,
    creditors_with_queued_letters,
    settle,
)
from punktlig.agency.actions.print_batches import (
    MOST_IN_A_BATCH,
    close_batch,
    creditors_of_batch,
    drop_batch,
    lease_open_batch,
    open_batch,
)
from punktlig.agency.gateways.email_gateway import CaughtEmail, NoEmail, Sender, SmtpEmail, SmtpServer
from punktlig.agency.gateways.print_gateway import PrintFolder
from punktlig.agency.jobs.each_creditor import end_faults_without_work, work_for
from punktlig.agency.jobs.letter_drawing import draw_letters
from punktlig.agency.records.creditor_fault import Work
from punktlig.agency.records.handing_over import NONE_ACCEPTED, NOT_OFFERED, OVERTAKEN, Answer, Verdict
from punktlig.agency.records.identity import agency
from punktlig.agency.records.letter_taking import LEASE, still_leaving
from punktlig.clock import STOCKHOLM, now
from punktlig.tenancy.context import acting_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from punktlig.agency.gateways.gateway import Gateway
    from punktlig.agency.records.handing_over import DrawnLetter, DueLetter, Way

log = logging.getLogger(__name__)

_EMAILS_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Ways:
    """The gateways of this installation; without a print folder, letters on paper wait to be fetched at the desk."""

    email: Gateway
    print_folder: PrintFolder | None

    @classmethod
    def of_settings(cls) -> Ways:
        """Return the gateways that the settings name."""
        us = agency()
        sender = Sender(us.name, settings.EMAIL_FROM or us.email)
        email: Gateway
        match settings.EMAIL_GATEWAY:
            case "smtp":
                email = SmtpEmail(_server(settings.SMTP), sender)
            case "caught":
                email = CaughtEmail(sender)
            case _:
                email = NoEmail()
        folder = settings.PRINT_FOLDER
        return cls(email, PrintFolder(Path(folder), return_address()) if folder else None)


def _server(told: Mapping[str, Any]) -> SmtpServer:
    return SmtpServer(**told)


def return_address() -> str:
    """Return where what cannot be delivered comes back to, on one line."""
    us = agency()
    return f"{us.name}, {us.address}, {us.postcode} {us.town}"


def deliver_letters(*, clock: Callable[[], datetime] = now, ways: Ways | None = None) -> int:
    """Give away every letter that may leave now; return how many were given away.

    `clock` is read for each chunk, since a run may take longer than a lease.
    """
    ways = ways or Ways.of_settings()
    count = _emails(ways.email, clock)
    if ways.print_folder is not None:
        while (batch_id := lease_open_batch(at=clock())) is not None:
            count += _finish_batch(batch_id, ways.print_folder, clock)
        while given := _new_batch(ways.print_folder, clock):
            # Ten thousand letters on paper take minutes: what is due by e-mail does not wait for them.
            count += given + _emails(ways.email, clock)
    ours: tuple[Way, ...] = ("email",) if ways.print_folder is None else ("email", "print")
    for work in (Work.TAKE_LETTERS, Work.STORE_ANSWERS):
        end_faults_without_work(work, partial(creditors_with_queued_letters, ours))
    return count


def _emails(gateway: Gateway, clock: Callable[[], datetime]) -> int:
    count, at = 0, clock()
    for creditor_id in creditors_with_due_letters("email", today=_day(at), at=at):
        given = 1
        while given:
            given, in_doubt = _email(creditor_id, gateway, clock)
            count += given
            if in_doubt:
                # The connection broke when the server had a letter. Each new one may leave one more in doubt, so it is
                # for the next run, in half a minute.
                return count
    return count


def _email(creditor_id: UUID, gateway: Gateway, clock: Callable[[], datetime]) -> tuple[int, bool]:
    """Give a chunk of the creditor's letters away; return how many were, and whether one of them may have left."""
    at = clock()
    take = partial(claim_due, creditor_id, "email", today=_day(at), at=at, limit=_EMAILS_AT_ONCE)
    letters = work_for(creditor_id, Work.TAKE_LETTERS, take, today=_day(at), at=at)
    if not letters:
        return 0, False
    drawn, not_drawn = draw_letters(letters)
    _settle({creditor_id: not_drawn}, clock())
    accepted = in_doubt = False
    waiting = {letter.due.delivery_id for letter in drawn}
    in_turn = _in_turn(creditor_id, drawn, waiting, clock, leased_until=at + LEASE)
    # Each alone: of a worker that is killed now, no letter but the one in hand is sent again.
    for answer in gateway.hand_over(in_turn, batch_id=uuid4(), at=clock()) if drawn else ():
        _settle({creditor_id: [answer]}, clock())
        accepted = accepted or answer.verdict is Verdict.ACCEPTED
        in_doubt = in_doubt or answer.verdict is Verdict.UNKNOWN
        if clock() > at + LEASE / 2:
            # A slow server must not be given letters that another worker may have by then.
            break
    code = NOT_OFFERED if accepted else NONE_ACCEPTED
    not_offered = [Answer(delivery_id=each, verdict=Verdict.NOT_YET, code=code) for each in waiting]
    # Free again at once, so only those that no other worker has by now: it would seem that nobody had them.
    _settle({creditor_id: not_offered}, clock(), leased_until=at + LEASE)
    return len(letters) - len(not_offered), in_doubt


def _in_turn(
    creditor_id: UUID,
    drawn: Iterable[DrawnLetter],
    waiting: set[UUID],
    clock: Callable[[], datetime],
    *,
    leased_until: datetime,
) -> Iterator[DrawnLetter]:
    """Yield each letter when its turn comes, unless it is not to leave any more; it no longer waits then."""
    for letter in drawn:
        waiting.discard(letter.due.delivery_id)
        may_leave = _still_leaving(creditor_id, [letter.due], leased_until).get(letter.due.delivery_id)
        if may_leave:
            yield letter
        elif may_leave is not None:
            _settle({creditor_id: [_overtaken(letter.due)]}, clock())


def _still_leaving(creditor_id: UUID, letters: Sequence[DueLetter], leased_until: datetime) -> dict[UUID, bool]:
    if not letters:
        return {}
    with acting_for(creditor_id):
        return still_leaving(creditor_id, letters, leased_until=leased_until)


def _overtaken(letter: DueLetter) -> Answer:
    return Answer(delivery_id=letter.delivery_id, verdict=Verdict.NOT_YET, code=OVERTAKEN)


def _new_batch(folder: PrintFolder, clock: Callable[[], datetime]) -> int:
    at = clock()
    creditors = creditors_with_due_letters("print", today=_day(at), at=at)
    if not creditors:
        return 0
    batch_id = open_batch(at=at)
    letters: dict[UUID, list[DueLetter]] = {}
    left = MOST_IN_A_BATCH
    for creditor_id in creditors:
        if left:
            take = partial(claim_due, creditor_id, "print", today=_day(at), at=at, limit=left, batch_id=batch_id)
            letters[creditor_id] = work_for(creditor_id, Work.TAKE_LETTERS, take, today=_day(at), at=at) or []
            left -= len(letters[creditor_id])
    if left == MOST_IN_A_BATCH:
        # What is due waits to be made anew, or somebody holds its claim.
        drop_batch(batch_id)
        return 0
    return _give_batch(batch_id, letters, folder, clock, leased_until=at + LEASE)


def _finish_batch(batch_id: UUID, folder: PrintFolder, clock: Callable[[], datetime]) -> int:
    at = clock()
    written = folder.receipt(batch_id) is not None
    letters: dict[UUID, list[DueLetter]] = {}
    for creditor_id in creditors_of_batch(batch_id):
        take = partial(claim_batch, creditor_id, batch_id, written=written, today=_day(at), at=at)
        taken = work_for(creditor_id, Work.TAKE_LETTERS, take, today=_day(at), at=at)
        if taken is None:
            # Written or closed without them, the batch would have letters that are in no zip. It waits as it is.
            return 0
        letters[creditor_id] = taken
    return _give_batch(batch_id, letters, folder, clock, leased_until=at + LEASE)


def _give_batch(
    batch_id: UUID,
    letters: Mapping[UUID, list[DueLetter]],
    folder: PrintFolder,
    clock: Callable[[], datetime],
    *,
    leased_until: datetime,
) -> int:
    drawn, not_drawn = draw_letters([letter for own in letters.values() for letter in own])
    if written := folder.receipt(batch_id):
        # Whatever can or cannot be drawn by now, they are in the zip and have left.
        not_drawn = [
            Answer(delivery_id=each.delivery_id, verdict=Verdict.ACCEPTED, evidence=written) for each in not_drawn
        ]
    else:
        may_leave: dict[UUID, bool] = {}
        for creditor_id, own in letters.items():
            may_leave |= _still_leaving(creditor_id, own, leased_until)
        if len(may_leave) < sum(len(own) for own in letters.values()):
            # This worker was asleep, and another has the batch.
            return 0
        not_drawn += [_overtaken(letter.due) for letter in drawn if not may_leave[letter.due.delivery_id]]
        drawn = [letter for letter in drawn if may_leave[letter.due.delivery_id]]
    # Those first: such a letter must not be in the batch when it is made again after a crash.
    creditor_of = {letter.delivery_id: creditor_id for creditor_id, own in letters.items() for letter in own}
    stored = _settle(_by_creditor(not_drawn, creditor_of), clock())
    if not (stored or written):
        return 0
    evidence: Mapping[str, str] = written or {}
    if drawn:
        answers = folder.hand_over(drawn, batch_id=batch_id, at=clock())
        evidence = answers[0].evidence
        stored = _settle(_by_creditor(answers, creditor_of), clock()) and stored
    if stored:
        # Else it is taken again, and what was not stored is stored then.
        close_batch(batch_id, evidence, letters=len(drawn) + (len(not_drawn) if written else 0), at=clock())
    return len(drawn) + len(not_drawn)


def _by_creditor(answers: list[Answer], creditor_of: Mapping[UUID, UUID]) -> dict[UUID, list[Answer]]:
    found: dict[UUID, list[Answer]] = {}
    for answer in answers:
        found.setdefault(creditor_of[answer.delivery_id], []).append(answer)
    return found


def _settle(answers: Mapping[UUID, list[Answer]], at: datetime, *, leased_until: datetime | None = None) -> bool:
    """Store what came of each letter, and return whether all of it was stored.

    Where that fails for a creditor, each letter's answer is stored alone: a letter that has left without it being known
    would be sent again.
    """
    stored = True
    for creditor_id, own in answers.items():
        if not _store(creditor_id, own, at, leased_until):
            alone = [_store(creditor_id, [answer], at, leased_until) for answer in own]
            stored = stored and all(alone)
    return stored


def _store(creditor_id: UUID, answers: list[Answer], at: datetime, leased_until: datetime | None) -> bool:
    def act() -> bool:
        settle(creditor_id, answers, today=_day(at), at=at, leased_until=leased_until)
        return True

    return work_for(creditor_id, Work.STORE_ANSWERS, act, today=_day(at), at=at) is not None


def _day(at: datetime) -> date:
    return at.astimezone(STOCKHOLM).date()
