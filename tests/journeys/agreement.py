"""Do both sites agree? Read in their databases, after every journey and every fault, when nothing is on its way.

The question is asked of everything there is, not of what the journey touched: a fault may strike where nobody looks.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.journeys.both_sites import BothSites

# What an invoice shows for each status of a claim, as `records.agency_summary` says and the contract means.
_SHOWN = {
    "received": {"received", "reminder_planned"},
    "reminder_issued": {"reminder_planned"},
    "reminder_sent": {"reminder_sent"},
    "paid": {"paid"},
    "closed": {"closed"},
    "needs_person": {"needs_action"},
}


def disagreements(system: BothSites) -> list[str]:
    """Return what is not as it must be; nothing when both sites agree and the agency's own books do."""
    return [
        *_handovers_and_claims(system),
        *_steps_and_letters(system),
        *_journal(system),
        *_what_the_invoices_show(system),
        *_commands(system),
    ]


def _handovers_and_claims(system: BothSites) -> list[str]:
    claims = system.rows(
        "agency",
        "SELECT creditor.company_id, claim.invoice_id, claim.handover_id, claim.sha256, claim.number,"
        " encode(sha256(claim.submission), 'hex')"
        " FROM agency_claim AS claim JOIN agency_creditor AS creditor ON creditor.id = claim.creditor_id",
    )
    handovers = system.rows(
        "receivables",
        "SELECT company_id, invoice_id, id, sha256, claim_number, encode(sha256(body), 'hex')"
        " FROM receivables_handover WHERE state = 'acknowledged'",
    )
    refused_here = set(
        system.rows("receivables", "SELECT id, sha256 FROM receivables_handover WHERE state = 'refused'")
    )
    refused_there = set(system.rows("agency", "SELECT id, sha256 FROM agency_refused_handover"))
    an_invoice = Counter((company, invoice) for company, invoice, *_ in claims)
    return [
        *(f"claim without acknowledged handover: {one}" for one in set(claims) - set(handovers)),
        *(f"acknowledged handover without claim: {one}" for one in set(handovers) - set(claims)),
        *(f"{count} claims of invoice {invoice}" for (_, invoice), count in an_invoice.items() if count > 1),
        *(f"bytes of {one[2]} have another hash than theirs" for one in claims if one[3] != one[5]),
        *(f"refused at one site only: {one}" for one in refused_here ^ refused_there),
    ]


def _steps_and_letters(system: BothSites) -> list[str]:
    twice = system.rows(
        "agency", "SELECT claim_id, step, count(*) FROM agency_claim_step GROUP BY claim_id, step HAVING count(*) > 1"
    )
    left_twice = system.rows(
        "agency",
        "SELECT letter.claim_id, letter.step_id, count(*) FROM agency_letter AS letter"
        " JOIN agency_delivery AS delivery ON delivery.letter_id = letter.id AND delivery.state = 'accepted'"
        " GROUP BY letter.claim_id, letter.step_id HAVING count(*) > 1",
    )
    told_twice = system.rows(
        "agency",
        "SELECT facts ->> 'letter_id', count(*) FROM agency_claim_event WHERE kind = 'reminder_sent'"
        " GROUP BY 1 HAVING count(*) > 1",
    )
    alive_twice = system.rows(
        "agency",
        "SELECT claim_id, count(*) FROM agency_letter WHERE stopped_at IS NULL AND replaced_at IS NULL"
        " GROUP BY claim_id HAVING count(*) > 1",
    )
    return [
        *(f"a step taken more than once: {one}" for one in twice),
        *(f"more than one letter of a step left: {one}" for one in left_twice),
        *(f"a letter told of more than once: {one}" for one in told_twice),
        *(f"more than one letter of a claim: {one}" for one in alive_twice),
    ]


def _journal(system: BothSites) -> list[str]:
    entries = system.rows(
        "agency", "SELECT entry_id, sum(amount_ore) FROM agency_posting GROUP BY entry_id HAVING sum(amount_ore) <> 0"
    )
    creditors = system.rows(
        "agency",
        "SELECT creditor_id, sum(amount_ore) FROM agency_posting GROUP BY creditor_id HAVING sum(amount_ore) <> 0",
    )
    fees = system.rows(
        "agency",
        "SELECT claim_id, count(*) FROM agency_journal_entry AS entry"
        " WHERE kind IN ('claim_received', 'reminder_fee', 'late_payment_compensation')"
        " AND NOT EXISTS (SELECT FROM agency_journal_entry AS back WHERE back.corrects_id = entry.id)"
        " GROUP BY claim_id, kind HAVING count(*) > 1",
    )
    return [
        *(f"an entry that does not sum to zero: {one}" for one in entries),
        *(f"a creditor's journal that does not sum to zero: {one}" for one in creditors),
        *(f"booked more than once: {one}" for one in fees),
    ]


def _what_the_invoices_show(system: BothSites) -> list[str]:
    latest = system.rows(
        "agency",
        "SELECT DISTINCT ON (event.claim_id) claim.invoice_id, claim.number, event.sequence, claim.sequence,"
        " event.summary ->> 'status', coalesce(event.summary ->> 'next_event', ''),"
        " event.summary ->> 'next_event_day'"
        " FROM agency_claim_event AS event JOIN agency_claim AS claim ON claim.id = event.claim_id"
        " ORDER BY event.claim_id, event.sequence DESC",
    )
    invoices = {
        row[0]: row[1:]
        for row in system.rows(
            "receivables",
            "SELECT id, claim_number, claim_sequence, agency_state, next_event, next_event_day::text"
            " FROM receivables_invoice WHERE agency_state NOT IN ('', 'refused')",
        )
    }
    found = []
    for invoice, number, sequence, of_claim, status, following, day in latest:
        if sequence != of_claim:
            found.append(f"claim {number} says it has {of_claim} events and has {sequence}")
        shown = invoices.pop(invoice, None)
        if shown is None:
            found.append(f"the invoice {invoice} of claim {number} shows nothing of it")
            continue
        shown_number, shown_sequence, state, shown_following, shown_day = shown
        told, seen = (number, sequence, following, day), (shown_number, shown_sequence, shown_following, shown_day)
        if told != seen or state not in _SHOWN[status]:
            found.append(f"claim {number} is {(status, *told)}, its invoice shows {(state, *seen)}")
    return [*found, *(f"an invoice shows a claim that is not there: {one}" for one in invoices.items())]


def _commands(system: BothSites) -> list[str]:
    here = set(
        system.rows(
            "receivables",
            "SELECT id, sha256, state FROM receivables_command WHERE refusal_code <> 'claim_refused'",
        )
    )
    there = set(
        system.rows("agency", "SELECT id, sha256, state FROM agency_received_command WHERE claim_id IS NOT NULL")
    )
    standing = set(system.rows("receivables", "SELECT id FROM receivables_payment WHERE taken_back_at IS NULL"))
    counted = set(
        system.rows(
            "agency",
            "SELECT id FROM agency_received_command"
            " WHERE state = 'confirmed' AND kind = 'payment' AND reversed_at IS NULL",
        )
    )
    return [
        *(f"a command that the sites tell differently: {one}" for one in here ^ there),
        *(f"a payment that counts at the agency and was taken back here: {one}" for one in counted - standing),
    ]
