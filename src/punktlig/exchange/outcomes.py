"""What an answer of the agency means to the one who sent the bytes.

There are four meanings. *Acknowledged*: the agency has it. *Refused*: it never will, and says why. *Conflict*: the
invoice has a claim under another handover. *Unknown*: everything else; the same bytes are to be sent again.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from punktlig.core.plain_values import plain_value

if TYPE_CHECKING:
    from punktlig.exchange.messages import Activated, ClaimAnswer, CommandAnswer, Problem


@plain_value()
class Acknowledged[Answer]:
    """The agency has it; `answer` is what it said."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Refused:
    """The agency will not have it, now or ever, for the reason its problem gives."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class Conflict:
    """The invoice has a claim already under another handover id, made from bytes with this hash."""

    claim_number: str
    sha256: str


class Why(StrEnum):
    """Why nobody knows; each edge has its words for these."""

    NOT_REACHED = "not_reached"
    NO_ANSWER_IN_TIME = "no_answer_in_time"
    CONNECTION_BROKE = "connection_broke"
    ANSWER_UNREADABLE = "answer_unreadable"
    KEY_NOT_ACCEPTED = "key_not_accepted"
    TOO_MANY_REQUESTS = "too_many_requests"
    OTHER_STATUS = "other_status"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody knows whether the agency has it, and why.

    `detail` is technical, in English, at most 200 characters. `retry_after` is the seconds asked for, or None.
    """

    why: Why
    detail: str = ""
    retry_after: float | None = None

    @property
    def concerns_everything(self) -> bool:
        """Whether other messages would fare the same now: it is the agency that is silent, not about this message."""
        return self.why not in (Why.ANSWER_UNREADABLE, Why.OTHER_STATUS)


type ClaimOutcome = Acknowledged[ClaimAnswer] | Refused | Conflict | Unknown
type CommandOutcome = Acknowledged[CommandAnswer] | Refused | Unknown
type ActivationOutcome = Acknowledged[Activated] | Unknown
