"""The rows that a handover rests on, read as plain values: what is judged, and the version of every row.

A record costs many times what its row does, so records are read only of the few invoices that a page shows.

The server gives a row a new place (`ctid`) and transaction (`xmin`) whenever it is written, so in a version no column
can be forgotten and nothing has to be composed to be compared. It is read with the row itself: what is judged is what
has that version.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from punktlig.core.invoice import InvoiceLine as LineFacts
from punktlig.core.money import Money
from punktlig.core.plain_values import plain_value
from punktlig.core.statutes.reference_rates import ReferenceRate
from punktlig.receivables.records.activation import LIVE_STATES, Activation
from punktlig.receivables.records.company import Company
from punktlig.receivables.records.customer import party_of
from punktlig.receivables.records.handover_message import Booked
from punktlig.receivables.records.invoice import STATES_THAT_MAY_BE_SENT, Invoice
from punktlig.tenancy.plain_reading import Found, columns_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from punktlig.core.invoice import InvoiceParty
    from punktlig.tenancy.plain_reading import Statement


class InvoiceRow(NamedTuple):
    """What is judged of an invoice and its customer: columns of `Invoice`, and of `Customer` after `buyer_`."""

    id: UUID
    number: str
    currency: str
    issue_date: date | None
    due_date: date | None
    total_ore: int
    tax_ore: int | None
    prepaid_ore: int
    payable_ore: int
    deduction: str
    share_ore: int | None
    share_is_confirmed: bool
    remaining_ore: int
    agency_state: str
    sent_at: datetime | None
    buyer_name: str
    buyer_kind: str
    buyer_identity_number: str
    buyer_vat_number: str
    buyer_street: str
    buyer_postcode: str
    buyer_town: str
    buyer_country: str
    buyer_email: str
    buyer_telephone: str
    buyer_language: str
    buyer_identity_is_protected: bool


_OF_BUYER = "buyer_"
_JUDGED_OF_INVOICE = tuple(name for name in InvoiceRow._fields if not name.startswith(_OF_BUYER))
_JUDGED_OF_BUYER = tuple(name.removeprefix(_OF_BUYER) for name in InvoiceRow._fields if name not in _JUDGED_OF_INVOICE)

_READ = ", ".join(
    f"{table}.{column}"
    for table, columns in (
        ("invoice", _JUDGED_OF_INVOICE),
        ("customer", _JUDGED_OF_BUYER),
    )
    for column in columns
)
# The ids as one text, since a placeholder for each of a thousand costs more than the query; the place of an id says
# whose a row is, at less than the id itself.
_CHOSEN = "unnest(%s::uuid[]) WITH ORDINALITY AS chosen (id, place)"
_INVOICE_VERSION = (
    "invoice.agency_state, invoice.xmin::text || invoice.ctid::text || customer.xmin::text || customer.ctid::text"
)
_OF_INVOICES = f"""FROM {_CHOSEN}
JOIN receivables_invoice AS invoice ON invoice.company_id = %s AND invoice.id = chosen.id
JOIN receivables_customer AS customer ON customer.company_id = %s AND customer.id = invoice.customer_id"""
_INVOICES = f"SELECT place, {_INVOICE_VERSION}, {_READ} {_OF_INVOICES}"
_INVOICE_VERSIONS = f"SELECT place, {_INVOICE_VERSION}, invoice.id {_OF_INVOICES}"
_LINES = f"""
SELECT place, 'line' || line.xmin::text || line.ctid::text, text, quantity, unit, amount_ore, period_start, period_end
FROM {_CHOSEN} JOIN receivables_invoice_line AS line ON line.company_id = %s AND line.invoice_id = chosen.id
ORDER BY position
"""  # noqa: S608 - all text is ours
_LINE_VERSIONS = f"""
SELECT place, 'line' || line.xmin::text || line.ctid::text
FROM {_CHOSEN} JOIN receivables_invoice_line AS line ON line.company_id = %s AND line.invoice_id = chosen.id
"""  # noqa: S608 - all text is ours
_BOOKED = f"""
SELECT place, 'payment' || payment.xmin::text || payment.ctid::text, payment.id, 'payment', day, amount_ore
FROM {_CHOSEN} JOIN receivables_payment AS payment ON payment.company_id = %s AND payment.invoice_id = chosen.id
    AND payment.taken_back_at IS NULL
UNION ALL
SELECT place, 'note' || note.xmin::text || note.ctid::text, note.id, 'credit_note', day, amount_ore
FROM {_CHOSEN} JOIN receivables_credit_note AS note ON note.company_id = %s AND note.invoice_id = chosen.id
ORDER BY day, id
"""  # noqa: S608 - all text is ours
_COMPANY = f"SELECT {', '.join(columns_of(Company))} FROM receivables_company WHERE id = %s"  # noqa: S608 - the names are ours
_LIVE_ACTIVATION = f"""
SELECT {", ".join(columns_of(Activation))} FROM receivables_activation WHERE company_id = %s AND state = ANY(%s)
"""  # noqa: S608 - the names are ours
_HEARD_RATES = "SELECT valid_from, percent, source FROM receivables_heard_rate ORDER BY valid_from"


@dataclass(frozen=True)
class Shared:
    """What all invoices of a company are judged by, and the version of it.

    Of the company and its activation only what counts: their rows are also written when payments are booked, and
    whenever the activation is on its way to the agency. A reference rate that has been heard of is never changed.
    """

    company: Company
    activation: Activation | None
    heard_rates: tuple[ReferenceRate, ...]

    @property
    def version(self) -> str:
        """What of it a preview rests on, as text."""
        company, activation = self.company, self.activation
        told: list[object] = [company.name, company.organisation_number, company.vat_number, len(self.heard_rates)]
        if activation is not None:
            told += [
                activation.id,
                activation.debt_text,
                activation.debt_text_in_english,
                activation.reminder_fee_agreed_since,
                activation.due_date_agreed_since,
                activation.invoices_warn_of_interest,
                activation.trader_charge,
                activation.charges_consumers_abroad,
            ]
        return "\n".join(map(str, told))


def shared_statements(company_id: UUID) -> list[Statement]:
    """Return what to ask for `Shared`."""
    live = [state.value for state in LIVE_STATES]
    return [(_COMPANY, [company_id]), (_LIVE_ACTIVATION, [company_id, live]), (_HEARD_RATES, [])]


def shared_of(company: Found, activation: Found, rates: Found) -> Shared:
    """Return what was found by `shared_statements`."""
    return Shared(
        company=company.records(Company)[0],
        activation=next(iter(activation.records(Activation)), None),
        heard_rates=tuple(ReferenceRate(*row) for row in rates.rows),
    )


def row_statements(company_id: UUID, ids: str) -> list[Statement]:
    """Return what to ask for `rows_of`; the ids are an array as text, each once."""
    return [(_INVOICES, [ids, company_id, company_id]), *held_statements(company_id, ids)]


def held_statements(company_id: UUID, ids: str) -> list[Statement]:
    """Return what to ask for `held_by`; the ids are an array as text, each once."""
    return [(_LINES, [ids, company_id]), (_BOOKED, [ids, company_id, ids, company_id])]


def version_statements(company_id: UUID, ids: str) -> list[Statement]:
    """Return what to ask for `versions_in`; the ids are an array as text, each once."""
    return [
        (_INVOICE_VERSIONS, [ids, company_id, company_id]),
        (_LINE_VERSIONS, [ids, company_id]),
        (_BOOKED, [ids, company_id, ids, company_id]),
    ]


@dataclass(frozen=True, slots=True)
class Held:
    """What hangs on each invoice that was asked for, by its place among them from 1; `versions` are of all of it."""

    lines: Mapping[int, Sequence[LineFacts]]
    booked: Mapping[int, Sequence[Booked]]
    versions: Mapping[int, Sequence[str]]


def held_by(lines: Found, booked: Found) -> Held:
    """Return what was found by `held_statements`."""
    lines_of: defaultdict[int, list[LineFacts]] = defaultdict(list)
    booked_of: defaultdict[int, list[Booked]] = defaultdict(list)
    versions: defaultdict[int, list[str]] = defaultdict(list)
    for place, version, text, quantity, unit, amount_ore, start, end in lines.rows:
        amount = Money(amount_ore).as_decimal() if amount_ore is not None else None
        lines_of[place].append(
            LineFacts(text=text, quantity=quantity, unit=unit, amount=amount, period_start=start, period_end=end)
        )
        versions[place].append(version)
    for place, version, *one in booked.rows:
        booked_of[place].append(Booked(*one))
        versions[place].append(version)
    return Held(lines_of, booked_of, versions)


@plain_value()
class Read:
    """An invoice as it was read, and its place among the ids."""

    place: int
    version: str
    row: InvoiceRow


def rows_of(invoices: Found, held: Held, *, shared_version: str) -> list[Read]:
    """Return what was found by `row_statements`, in the order of the ids, each with the version of all it rests on."""
    versions = _Versions(shared_version)
    read = []
    for place, state, version, *judged in sorted(invoices.rows, key=_place):
        row = InvoiceRow._make(judged)
        read.append(Read(place, versions.of(state, version, held.versions.get(place, ())), row))
    return read


def versions_in(shared: Shared, invoices: Found, lines: Found, booked: Found) -> dict[UUID, str]:
    """Return what was found by `version_statements`: the version of all that each invoice rests on."""
    held: defaultdict[int, list[str]] = defaultdict(list)
    for place, version, *_ in (*lines.rows, *booked.rows):
        held[place].append(version)
    versions = _Versions(shared.version)
    return {
        invoice_id: versions.of(state, version, held.get(place, ()))
        for place, state, version, invoice_id in sorted(invoices.rows, key=_place)
    }


def _place(row: tuple[Any, ...]) -> int:
    place: int = row[0]
    return place


SENT = "sent"
"""The version of what is with the agency: it cannot go, whatever its row says, and is written with each event."""


class _Versions:
    """Makes the version of an invoice of those of its rows."""

    def __init__(self, shared: str) -> None:
        self._shared = hashlib.blake2b(shared.encode(), digest_size=16)

    def of(self, agency_state: str, version: str, held: Iterable[str]) -> str:
        """Return the version: of the invoice's own row and its customer's, and of what hangs on it in any order."""
        if agency_state not in STATES_THAT_MAY_BE_SENT:
            return SENT
        digest = self._shared.copy()
        digest.update("\n".join((version, *sorted(held))).encode())
        return digest.hexdigest()


def buyer_of(row: InvoiceRow) -> InvoiceParty:
    """Return the customer as the rules see the buyer of an invoice."""
    return party_of(
        name=row.buyer_name,
        identity_number=row.buyer_identity_number,
        vat_number=row.buyer_vat_number,
        email=row.buyer_email,
        telephone=row.buyer_telephone,
        street=row.buyer_street,
        postcode=row.buyer_postcode,
        town=row.buyer_town,
        country=row.buyer_country,
    )


def row_of(invoice: Invoice) -> InvoiceRow:
    """Return what is judged of a record that has been read with its customer."""
    customer = invoice.customer
    return InvoiceRow(
        *(getattr(invoice, column) for column in _JUDGED_OF_INVOICE),
        *(getattr(customer, column) for column in _JUDGED_OF_BUYER),
    )
