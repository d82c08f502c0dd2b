"""Reading a claim: itself with its explained balance, its events, its letters.

`{claim}` in an address is the handover id or the claim number.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from ninja import Query

from punktlig import clock
from punktlig.agency.api.access import PlatformRequest
from punktlig.agency.api.answers import message
from punktlig.agency.api.claims_router import router
from punktlig.agency.api.openapi import answers
from punktlig.agency.api.problems import Answered, problem
from punktlig.agency.records.claim import Claim, ClaimNumber
from punktlig.agency.records.claim_answers import answers_of, as_message
from punktlig.agency.records.claim_money import balance_facts
from punktlig.agency.records.creditor import Creditor
from punktlig.agency.records.feed_reading import events_of_claim
from punktlig.agency.records.letter import Letter
from punktlig.agency.records.reference_rates import known_rates
from punktlig.core.claim_balance import ClaimBalance, claim_balance
from punktlig.core.explanation import Explained
from punktlig.core.letter.content import LetterContent
from punktlig.core.money import Money
from punktlig.exchange.messages import ClaimAnswer, ClaimEvent
from punktlig.exchange.types import Amount, Day, Key, Line, Moment, Told
from punktlig.letters.renderer import render_letter
from punktlig.tenancy.context import acting_for, acting_for_everyone


class ExplainedLine(Told):
    """One amount and where it comes from: `basis` is what the yearly `percent` is taken of for `days` days.

    `condition` is a date the amount rests on, such as the day from which the terms have a reminder fee.
    """

    what: Line
    amount: Amount
    statute: Line
    basis: Amount | None
    first_day: Day | None
    last_day: Day | None
    percent: Line | None
    days: int | None
    year_days: int | None
    condition: Day | None


class ExplainedBalance(Told):
    """What the claim amounts to on `day`; the lines add up to `total` less `overpaid`.

    `growth` is what the next day adds. When `day` is earlier than the day asked for, no reference rate is known after
    it; `growth` is then empty.
    """

    day: Day
    principal: Amount
    interest: Amount
    fees: Amount
    total: Amount
    overpaid: Amount
    growth: Amount | None
    lines: tuple[ExplainedLine, ...]


class ExplainedClaim(Told):
    """A claim and its balance on a day."""

    claim: ClaimAnswer
    balance: ExplainedBalance


class ClaimEvents(Told):
    """The events of a claim, the oldest first."""

    events: tuple[ClaimEvent, ...]


class ClaimLetter(Told):
    """A letter of a claim. `left_at` is when the print shop or mail server had accepted it."""

    letter_id: Key
    step: Line
    day: Day
    last_day_to_pay: Day
    total: Amount
    interest: Amount
    charge: Amount
    made_at: Moment
    left_at: Moment | None
    stopped_at: Moment | None
    replaced_at: Moment | None
    pdf_url: Line


class ClaimLetters(Told):
    """The letters of a claim, the newest first."""

    letters: tuple[ClaimLetter, ...]


_NO_CLAIM = "Name it by the handover id or the claim number, with a key of the platform that handed it over."
# As far as a balance is asked for in earnest.
_EARLIEST, _LATEST = date(1975, 1, 1), date(2199, 12, 31)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text) if len(text) == len("2026-11-25") else None
    except ValueError:
        day = None
    if day is None or not _EARLIEST <= day <= _LATEST:
        raise Answered(problem("parameter_not_valid", f"A day is written 2026-11-25, from {_EARLIEST} to {_LATEST}."))
    return day


@router.get("/claims/{uuid:handover_id}", response=answers({200: ExplainedClaim}, 404, 422))
def read_claim(request: PlatformRequest, handover_id: UUID, day: Annotated[str, Query()] = "") -> HttpResponse:
    """Return a claim and what it amounts to on a day, today by default, each amount with the law it rests on.

    The claim number may stand in the place of the handover id.
    """
    return _read(request, str(handover_id), day)


# One address in the description, which takes names of parameters for no difference.
@router.get("/claims/{claim_number}", response=answers({200: ExplainedClaim}, 404, 422), include_in_schema=False)
def read_claim_by_number(
    request: PlatformRequest, claim_number: str, day: Annotated[str, Query()] = ""
) -> HttpResponse:
    """Return the claim with this number, as by its handover id."""
    return _read(request, claim_number, day)


def _read(request: PlatformRequest, named: str, asked: str) -> HttpResponse:
    day = _day(asked) if asked else clock.today()
    creditor, found = _claim(request, named)
    with acting_for(creditor.id):
        told = as_message(answers_of(creditor.id, [found])[found.id])
        facts, rates = balance_facts(creditor, [found])[found.id], known_rates(day)
    return message(ExplainedClaim(claim=told, balance=_explained(claim_balance(facts, day, rates))))


@router.get("/claims/{claim}/events", response=answers({200: ClaimEvents}, 404))
def read_claim_events(request: PlatformRequest, claim: str) -> HttpResponse:
    """Return everything that has happened to a claim."""
    creditor, found = _claim(request, claim)
    with acting_for(creditor.id):
        return message(ClaimEvents(events=events_of_claim(creditor.id, found.id)))


@router.get("/claims/{claim}/letters", response=answers({200: ClaimLetters}, 404))
def read_letters(request: PlatformRequest, claim: str) -> HttpResponse:
    """Return the letters of a claim."""
    creditor, found = _claim(request, claim)
    with acting_for(creditor.id):
        letters = list(
            Letter.objects.filter(creditor=creditor, claim=found)
            .select_related("step")
            .defer("content")
            .order_by("-day", "-edition")
        )
    return message(ClaimLetters(letters=tuple(_letter(found, letter) for letter in letters)))


@router.get("/claims/{claim}/letters/{uuid:letter_id}.pdf", response=answers({200: bytes}, 404))
def read_letter(request: PlatformRequest, claim: str, letter_id: UUID) -> HttpResponse:
    """Return a letter as PDF, the same bytes each time."""
    creditor, found = _claim(request, claim)
    with acting_for(creditor.id):
        letter = Letter.objects.filter(creditor=creditor, claim=found, id=letter_id).first()
    if letter is None:
        raise Answered(problem("letter_unknown", "GET /api/v1/claims/{claim}/letters lists those of the claim."))
    response = HttpResponse(render_letter(LetterContent.from_json(letter.content)), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.number}-{letter.day.isoformat()}.pdf"'
    return response


def _claim(request: PlatformRequest, named: str) -> tuple[Creditor, Claim]:
    """Return the claim and its creditor; another platform's claim does not exist."""
    creditors = Creditor.objects.filter(platform=request.auth)
    try:
        handover_id = UUID(named)
    except ValueError:
        is_number = named.isascii() and named.isdigit()
        number = ClaimNumber.objects.filter(number=named, creditor__in=creditors).first() if is_number else None
        if number is None:
            raise Answered(problem("claim_unknown", _NO_CLAIM)) from None
        with acting_for(number.creditor_id):
            found = Claim.objects.select_related("creditor").get(creditor=number.creditor_id, id=number.claim_id)
        return found.creditor, found
    # The creditor is not named, so its claims are found across all of the platform's.
    with acting_for_everyone():
        by_handover = Claim.objects.select_related("creditor").filter(creditor__in=creditors, handover_id=handover_id)
        claim = by_handover.first()
    if claim is None:
        raise Answered(problem("claim_unknown", _NO_CLAIM))
    return claim.creditor, claim


def _explained(balance: ClaimBalance) -> ExplainedBalance:
    return ExplainedBalance(
        day=balance.day,
        principal=balance.principal_left,
        interest=balance.interest,
        fees=balance.fees,
        total=balance.total,
        overpaid=balance.overpaid,
        growth=balance.growth,
        lines=tuple(_line(line) for line in balance.lines),
    )


def _line(line: Explained) -> ExplainedLine:
    return ExplainedLine(
        what=line.what.value,
        amount=line.amount,
        statute=line.statute,
        basis=line.basis,
        first_day=line.first_day,
        last_day=line.last_day,
        percent=None if line.percent is None else str(line.percent),
        days=line.days,
        year_days=line.year_days,
        condition=line.condition,
    )


def _letter(claim: Claim, letter: Letter) -> ClaimLetter:
    return ClaimLetter(
        letter_id=letter.id,
        step=letter.step.step,
        day=letter.day,
        last_day_to_pay=letter.last_day_to_pay,
        total=Money(letter.total_ore),
        interest=Money(letter.interest_ore),
        charge=Money(letter.charge_ore),
        made_at=letter.made_at,
        left_at=letter.left_at,
        stopped_at=letter.stopped_at,
        replaced_at=letter.replaced_at,
        pdf_url=f"{settings.PUNKTLIG_URL}/api/v1/claims/{claim.number}/letters/{letter.id}.pdf",
    )
