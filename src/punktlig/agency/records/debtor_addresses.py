"""Which address a claim's letters go to: the handover's, or the newest that was given since."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from punktlig.agency.records.debtor_address import DebtorAddress
from punktlig.agency.records.event import ClaimEvent
from punktlig.agency.records.letter import Letter
from punktlig.core import timetable
from punktlig.core.addressee import postal_lines
from punktlig.core.invoice import InvoiceParty, PostalAddress
from punktlig.core.parties import SWEDEN
from punktlig.core.refusal import Refusal
from punktlig.exchange.messages import ClaimStatus, EventKind
from punktlig.tenancy.plain_reading import as_array, columns_of, read_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from punktlig.agency.records.claim import Claim
    from punktlig.agency.records.creditor import Creditor
    from punktlig.exchange.messages import Address, ClaimSubmission

# Why a person is asked for when a letter could not reach the debtor where it was sent, or could not be addressed.
ADDRESS_FAILED = ("letter_refused", "address_incomplete", "address_does_not_fit", "character_not_covered")

_ADDRESSES = f"""
SELECT {", ".join(columns_of(DebtorAddress))} FROM agency_debtor_address
WHERE creditor_id = %s AND claim_id = ANY(%s::uuid[]) ORDER BY sequence
"""  # noqa: S608 - the names are ours


def addresses_of(creditor_id: UUID, claim_ids: Collection[UUID]) -> dict[UUID, list[DebtorAddress]]:
    """Return the addresses given for the claims, by claim, the oldest first. One query."""
    found: dict[UUID, list[DebtorAddress]] = defaultdict(list)
    for given in read_rows(DebtorAddress, _ADDRESSES, [creditor_id, as_array(claim_ids)]):
        found[given.claim_id].append(given)
    return dict(found)


def at_newest(submission: ClaimSubmission, given: Sequence[DebtorAddress]) -> ClaimSubmission:
    """Return what was handed over with the newest address, where there is one; it is only asked for, never stored.

    A letter to an address that somebody has found goes there by post, so no e-mail address is left.
    """
    if not given:
        return submission
    debtor = submission.debtor.model_copy(update={"address": given[-1].as_told(), "email": ""})
    return submission.model_copy(update={"debtor": debtor})


def given_by(given: Sequence[DebtorAddress], at: datetime) -> Sequence[DebtorAddress]:
    """Return those that had been given by the moment, as when a letter was made."""
    return [each for each in given if each.entered_at <= at]


def may_give_address(claim: Claim, given: Sequence[DebtorAddress]) -> bool:
    """Tell whether an address can be given: none has reached the debtor, or the letter to the last is not made yet."""
    if claim.status == ClaimStatus.NEEDS_PERSON:
        return claim.needs_person in ADDRESS_FAILED
    return claim.status == ClaimStatus.RECEIVED and bool(given)


def planned_day(claim: Claim, today: date) -> date:
    """Return the day on which the letter to an address given now is made: the day planned already, or the next."""
    if claim.status == ClaimStatus.RECEIVED and claim.reminder_day is not None:
        return claim.reminder_day
    return timetable.reminder_day(today)


def failed_address(claim: Claim, submission: ClaimSubmission, given: Sequence[DebtorAddress]) -> Address:
    """Return the address that did not reach the debtor: the one in use when a person was last asked about it."""
    asked = (
        ClaimEvent.objects.filter(
            creditor=claim.creditor_id,
            claim=claim.id,
            kind=EventKind.PERSON_NEEDED.value,
            facts__code__in=ADDRESS_FAILED,
        )
        .order_by("-sequence")
        .values_list("sequence", flat=True)
        .first()
    )
    used = [each for each in given if asked is None or each.sequence < asked]
    return at_newest(submission, used).debtor.address


def window_lines(name: str, address: Address) -> tuple[str, ...]:
    """Return what would stand in the envelope's window.

    Raises:
        AddressIncomplete or CountryUnreadable.
    """
    return postal_lines(
        InvoiceParty(
            name=name,
            address=PostalAddress(
                lines=address.lines, postcode=address.postcode, town=address.town, country=address.country
            ),
        )
    )


def is_same_address(name: str, one: Address, other: Address) -> bool:
    """Tell whether two addresses are the same but for capitals and the spelling of the postcode."""
    try:
        first, second = window_lines(name, one), window_lines(name, other)
    except Refusal:
        return False
    countries = (one.country or SWEDEN) == (other.country or SWEDEN)
    return countries and [line.casefold() for line in first] == [line.casefold() for line in second]


def replaced_letters(creditor: Creditor, claim_ids: Collection[UUID]) -> dict[UUID, Letter]:
    """Return the last edition of each claim, so that the next one is of the same step; the claims are due for a letter.

    That is of one whose letters were all replaced, or whose last one has left and is to be corrected.
    """
    last: dict[UUID, Letter] = {}
    live: set[UUID] = set()
    letters = Letter.objects.filter(creditor=creditor, claim__in=claim_ids).defer("content").order_by("edition")
    for letter in letters:
        last[letter.claim_id] = letter
        if letter.replaced_at is None and letter.left_at is None:
            live.add(letter.claim_id)
    return {claim_id: letter for claim_id, letter in last.items() if claim_id not in live}
