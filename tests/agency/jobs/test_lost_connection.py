"""The mail server breaks a connection: whose turn had not come is free at once, and nothing is sent twice for it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from email import message_from_bytes
from typing import TYPE_CHECKING

import pytest

from punktlig.agency.gateways.email_gateway import CONNECTION_LOST, Sender, SmtpEmail, SmtpServer
from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.records.delivery_schedule import MOST_ATTEMPTS
from punktlig.agency.records.handing_over import Answer, Verdict
from punktlig.agency.records.letter_taking import LEASE
from tests.agency.gateways.mail_server import HANG_UP, mail_server
from tests.agency.rounds import THURSDAY, accept, accept_many, by_email, deliver, deliveries, letters, morning, pay
from tests.agency.samples import make_creditor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

    from punktlig.agency.gateways.gateway import Gateway
    from punktlig.agency.records.handing_over import DrawnLetter
    from punktlig.agency.records.models import Creditor, Delivery
    from tests.agency.gateways.mail_server import MailServer

pytestmark = pytest.mark.django_db

AT = morning(THURSDAY, 10)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def creditor() -> Creditor:
    creditor = make_creditor()
    by_email(creditor)
    return creditor


def reminded(creditor: Creditor, count: int) -> None:
    accept_many(creditor, count)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))


def over(server: MailServer) -> Gateway:
    return SmtpEmail(SmtpServer("localhost", server.port), Sender("Ekviken Ombud AB", "hej@ekviken.example"))


def came(server: MailServer) -> Counter[str]:
    """How many times the server had each message."""
    return Counter(str(message_from_bytes(message)["Message-ID"]) for message in server.messages)


def states(creditor: Creditor) -> Counter[str]:
    return Counter(each.state for each in deliveries(creditor))


def waiting(creditor: Creditor) -> list[Delivery]:
    """Those that have not left, by how often they were tried."""
    return sorted((each for each in deliveries(creditor) if each.state == "queued"), key=lambda each: each.attempts)


def is_free(delivery: Delivery, at: datetime) -> bool:
    return delivery.leased_until is None and delivery.next_try_at <= at


def test_those_whose_turn_had_not_come_leave_over_a_new_connection_at_once(creditor: Creditor) -> None:
    reminded(creditor, 5)
    with mail_server(mail=["250 ok", "250 ok", HANG_UP, "250 ok", "250 ok", "250 ok"]) as server:
        assert deliver(None, AT, email=over(server)) == 5
        assert (server.connections, states(creditor)) == (2, {"accepted": 4, "queued": 1})
        # The one that was offered when it broke, and has surely not left, waits as before.
        (cut_off,) = waiting(creditor)
        assert (cut_off.attempts, cut_off.next_try_at) == (1, AT + MINUTE)
        assert [each.attempts for each in deliveries(creditor)] == [1] * 5
        deliver(None, AT + MINUTE, email=over(server))
    assert sorted(came(server).values()) == [1] * 5


def test_the_one_in_doubt_waits_and_the_others_are_free_for_the_next_run(creditor: Creditor) -> None:
    reminded(creditor, 4)
    with mail_server(end=["250 ok", HANG_UP, "250 ok", "250 ok", "250 ok"]) as server:
        assert deliver(None, AT, email=over(server)) == 2
        # No new connection in the same run: it might leave another in doubt.
        assert (server.connections, len(server.messages)) == (1, 2)
        free, also_free, in_doubt = waiting(creditor)
        for each in (free, also_free):
            assert is_free(each, AT)
            assert (each.attempts, each.evidence["code"]) == (0, "letter_not_offered")
            assert "unknown_answers" not in each.evidence
        assert (in_doubt.next_try_at, in_doubt.attempts) == (AT + MINUTE, 1)
        assert in_doubt.evidence["unknown_answers"] == "1"
        assert [each.handed_at is not None for each in letters(creditor)].count(True) == 2
        assert deliver(None, AT + timedelta(seconds=30), email=over(server)) == 2
        assert (states(creditor), sorted(came(server).values())) == ({"accepted": 3, "queued": 1}, [1] * 4)
        deliver(None, AT + MINUTE, email=over(server))
    assert states(creditor) == {"accepted": 4}
    # Only the one that may have come already came again, as the same message.
    assert sorted(came(server).values()) == [1, 1, 1, 2]


def test_a_server_that_breaks_every_connection_puts_one_letter_a_run_in_doubt(creditor: Creditor) -> None:
    reminded(creditor, 6)
    with mail_server(end=HANG_UP) as server:
        for run in range(3):
            deliver(None, AT + run * timedelta(seconds=20), email=over(server))
            assert len(came(server)) <= run + 1
            in_doubt = [each for each in waiting(creditor) if "unknown_answers" in each.evidence]
            assert len(in_doubt) == len(came(server))
    assert set(came(server).values()) == {1}


def test_a_server_that_accepts_nothing_lets_letters_go_on_paper_in_about_a_day_still(
    creditor: Creditor, tmp_path: Path
) -> None:
    reminded(creditor, 3)
    at = AT
    with mail_server(mail=HANG_UP) as server:
        for _ in range(200):
            deliver(None, at, email=over(server))
            queued = [each for each in waiting(creditor) if each.gateway == "email"]
            if not queued:
                break
            at = max(at + timedelta(seconds=30), min(each.next_try_at for each in queued))
    assert timedelta(hours=23) < at - AT < timedelta(hours=26)
    assert server.messages == []
    # Not one for each of them each time.
    assert server.connections <= 2 * MOST_ATTEMPTS
    deliver(tmp_path, at)
    assert Counter((each.gateway, each.state) for each in deliveries(creditor)) == {
        ("email", "refused"): 3,
        ("print", "accepted"): 3,
    }


def test_one_that_may_have_left_earlier_stays_in_doubt_and_waits_when_its_turn_does_not_come(
    creditor: Creditor,
) -> None:
    reminded(creditor, 1)
    with mail_server(end=[HANG_UP], mail=["250 ok", HANG_UP]) as server:
        deliver(None, AT, email=over(server))
        accept(creditor)
        run_daily_round(today=THURSDAY, at=AT)
        later = AT + MINUTE
        deliver(None, later, email=over(server))
    (doubted,) = (each for each in waiting(creditor) if "unknown_answers" in each.evidence)
    assert doubted.evidence["code"] == "email_none_accepted"
    assert (doubted.attempts, doubted.evidence["answered_attempt"]) == (2, "2")
    assert doubted.evidence["unknown_answers"] == "1"
    assert doubted.next_try_at == later + 2 * MINUTE
    assert sorted(came(server).values()) == [1]


class CutOff:
    """A worker that is killed while it has letters in hand."""

    def hand_over(self, letters: Iterable[DrawnLetter], **_: object) -> Iterator[Answer]:
        list(letters)
        raise KeyboardInterrupt


class Breaks:
    """A mail server that has something happen over its first letter, and then breaks the connection."""

    def __init__(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        self.meanwhile = meanwhile

    def hand_over(self, letters: Iterable[DrawnLetter], **_: object) -> Iterator[Answer]:
        first = next(iter(letters))
        self.meanwhile()
        yield Answer(delivery_id=first.due.delivery_id, verdict=Verdict.UNKNOWN, code=CONNECTION_LOST)


def test_killed_after_its_turn_had_not_come_once_a_letter_counts_as_one_that_may_have_left(creditor: Creditor) -> None:
    reminded(creditor, 2)
    deliver(None, AT, email=Breaks())
    free, _ = waiting(creditor)
    assert (free.attempts, is_free(free, AT)) == (0, True)
    with pytest.raises(KeyboardInterrupt):
        deliver(None, AT + timedelta(seconds=30), email=CutOff())
    with mail_server(mail=HANG_UP) as server:
        deliver(None, AT + 2 * LEASE, email=over(server))
    assert [each.evidence["unknown_answers"] for each in deliveries(creditor) if each.id == free.id] == ["1"]


def test_what_another_worker_has_by_now_is_not_given_back(creditor: Creditor) -> None:
    reminded(creditor, 3)
    at = AT + LEASE + MINUTE

    def another_takes_them() -> None:
        with pytest.raises(KeyboardInterrupt):
            deliver(None, at, email=CutOff())

    deliver(None, AT, email=Breaks(another_takes_them))
    held = [each for each in deliveries(creditor) if each.leased_until == at + LEASE]
    assert len(held) == 2
    assert {each.attempts for each in held} == {2}
    assert [each.evidence for each in held] == [{}, {}]


def test_what_was_paid_meanwhile_does_not_leave_when_it_is_free_again(creditor: Creditor) -> None:
    claims = [accept(creditor) for _ in range(3)]
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    paid: list[UUID] = []

    def somebody_pays() -> None:
        with_letter = {each.claim_id: each for each in letters(creditor) if each.left_at is None}
        first = min((each for each in deliveries(creditor)), key=lambda each: (each.next_try_at, each.id))
        claim = next(each for each in claims if with_letter[each.id].id != first.letter_id)
        pay(creditor, claim, "1200.00", day=THURSDAY, at=AT)
        paid.append(with_letter[claim.id].id)

    deliver(None, AT, email=Breaks(somebody_pays))
    with mail_server() as server:
        deliver(None, AT + timedelta(seconds=30), email=over(server))
    (left,) = (each for each in deliveries(creditor) if each.state == "accepted")
    assert left.letter_id not in paid
    assert len(server.messages) == 1
