"""How often a letter that has not got away is given to its gateway again, and what is done when that has an end.

Published in docs/deployment.md. A letter that has surely not left is tried for about a day; then an e-mail goes on
paper instead, and one that we cannot draw is refused. A letter that may have left would reach the debtor again and
again, so it is tried a few times only, and then a person decides.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from punktlig.agency.records.handing_over import DID_NOT_LEAVE, NONE_ACCEPTED, NOT_OFFERED, Answer, Verdict
from punktlig.agency.records.letter_drawing import DRAWING_FAILED

if TYPE_CHECKING:
    from punktlig.agency.records.letter import Delivery

MOST_ATTEMPTS = 30
MOST_UNKNOWN_ANSWERS = 5
_LONGEST_WAIT = timedelta(hours=1)

MAY_HAVE_LEFT = "letter_may_have_left"
_UNKNOWN_ANSWERS = "unknown_answers"
# The attempt that was answered last; one that has no answer was cut off.
_ANSWERED_ATTEMPT = "answered_attempt"


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: a minute, doubled each time, at most an hour."""
    return min(timedelta(minutes=2 ** min(max(attempts, 1) - 1, 10)), _LONGEST_WAIT)


def is_free(delivery: Delivery, answer: Answer) -> bool:
    """Tell whether the letter, which has surely not left, is to be tried again at once: this was no attempt.

    Where the server accepted no other either, that holds once: one which breaks every connection is as good as away. It
    is not called anew for each letter, and none waits longer for it than about a day.
    """
    if answer.verdict is not Verdict.NOT_YET:
        return False
    again = answer.code == NONE_ACCEPTED and delivery.evidence.get("code") != NONE_ACCEPTED
    return again or answer.code == NOT_OFFERED


def unknown_answers(delivery: Delivery) -> int:
    """Return how many times the letter may have left this way: an answer was unknown, or none came before a crash."""
    told = int(delivery.evidence.get(_UNKNOWN_ANSWERS, 0))
    return max(told, int(_was_cut_off(delivery)))


def _was_cut_off(delivery: Delivery) -> bool:
    """Tell whether an earlier attempt by e-mail ended without an answer, as of a worker that was killed."""
    answered = delivery.evidence.get(_ANSWERED_ATTEMPT)
    if delivery.gateway != "email":
        # A batch has a receipt or has not left.
        return False
    if answered is None:
        return delivery.attempts > 1 and not delivery.evidence
    return delivery.attempts > int(answered) + 1


def judged(delivery: Delivery, answer: Answer) -> Answer:
    """Return the answer as it counts: once the schedule has ended, what did not get away is refused this way.

    What may have left stays unknown, also when a later attempt has surely not, or was refused: a server refuses what it
    has already, an address may end, e-mail may be switched off. On paper it would be a second letter; only a person
    can say that the first did not leave.
    """
    if _is_refused_on_the_way(answer) and unknown_answers(delivery):
        answer = replace(answer, verdict=Verdict.UNKNOWN)
    if answer.verdict not in (Verdict.NOT_YET, Verdict.UNKNOWN):
        return answer
    unknown = unknown_answers(delivery) + (answer.verdict is Verdict.UNKNOWN)
    was_no_attempt = is_free(delivery, answer) and not unknown
    if delivery.gateway == "email":
        # Kept in step with the attempts: of two that differ, a worker that is killed later would leave no trace.
        answered = delivery.attempts - was_no_attempt
        answer = replace(answer, evidence={**answer.evidence, _ANSWERED_ATTEMPT: str(answered)})
    if unknown:
        evidence = {**answer.evidence, _UNKNOWN_ANSWERS: str(unknown)}
        return replace(answer, verdict=Verdict.UNKNOWN, evidence=evidence)
    if was_no_attempt:
        return answer
    is_tried_by_itself = delivery.gateway == "email" or answer.code == DRAWING_FAILED
    if delivery.attempts < MOST_ATTEMPTS or not is_tried_by_itself:
        return answer
    return replace(answer, verdict=Verdict.REFUSED, for_good=answer.code == DRAWING_FAILED)


def _is_refused_on_the_way(answer: Answer) -> bool:
    return answer.verdict is Verdict.REFUSED and not answer.for_good and answer.code != DID_NOT_LEAVE


def needs_person(delivery: Delivery, answer: Answer) -> bool:
    """Tell whether nobody but a person can say how a letter goes on that may have left."""
    if answer.verdict is not Verdict.UNKNOWN:
        return False
    return delivery.attempts >= MOST_ATTEMPTS or int(answer.evidence[_UNKNOWN_ANSWERS]) >= MOST_UNKNOWN_ANSWERS


def begun_anew(delivery: Delivery) -> Delivery:
    """Let the schedule begin again, after a person has looked; that the letter may have left is not forgotten."""
    may_have_left = bool(unknown_answers(delivery))
    delivery.attempts = 0
    if delivery.gateway == "email":
        delivery.evidence = {**delivery.evidence, _ANSWERED_ATTEMPT: "0"}
    if may_have_left:
        delivery.evidence = {**delivery.evidence, _UNKNOWN_ANSWERS: "1"}
    return delivery
