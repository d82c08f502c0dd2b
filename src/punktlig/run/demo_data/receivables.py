"""Fills the demo's receivables site: `company | activate | send COUNT | pay STATE COUNT | hear`.

A process of its own, with the site's settings. Everything goes through the site's own actions and jobs, so that the
demo holds nothing that a user could not have done.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from punktlig import clock
from punktlig.core.money import Money
from punktlig.core.parties import DebtorKind
from punktlig.receivables.actions.activation import Answers, activate_reminders
from punktlig.receivables.actions.credit_notes import record_credit_note
from punktlig.receivables.actions.customers import Address, CustomerEntry, create_customer
from punktlig.receivables.actions.handovers import hand_over_invoices
from punktlig.receivables.actions.ledger_takeover import TakenOver, take_over_ledger
from punktlig.receivables.actions.members import add_first_member, add_member
from punktlig.receivables.actions.payments import book_payments_through, record_payment
from punktlig.receivables.jobs.read_feed import read_feed
from punktlig.receivables.jobs.send_activations import send_activations
from punktlig.receivables.jobs.send_commands import send_commands
from punktlig.receivables.jobs.send_handovers import send_handovers
from punktlig.receivables.records.activation import TraderCharge
from punktlig.receivables.records.company import Company, Role
from punktlig.receivables.records.invoice import Invoice
from punktlig.receivables.records.invoice_entry import InvoiceEntry, LineEntry
from punktlig.receivables.records.sending_facts import newest_terms, prepare
from punktlig.receivables.records.sending_versions import shown_of
from punktlig.run.demo_data import work
from punktlig.run.demo_data.people import DEMO_PASSWORD, JONAS, MAJA, SIV
from punktlig.tenancy.context import acting_for
from punktlig.tenancy.models import User

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

_CUSTOMERS = 400
_INVOICES = 2000
_EVERY, _GAP = 61, 17
_TERMS_SINCE = timedelta(days=900)


def make_company() -> None:
    """Make the company, its people, its customers and its invoices with their payments."""
    today, at = clock.today(), clock.now()
    company = add_first_member(
        *MAJA, DEMO_PASSWORD, role=Role.OWNER, company_name="Lillsjöns Snickeri AB", organisation_number="559833-4174",
        today=today,
    )  # fmt: skip
    for person, role in ((JONAS, Role.SALES), (SIV, Role.READER)):
        add_member(company.id, *person, role=role, password=DEMO_PASSWORD)
    Company.objects.filter(id=company.id).update(
        vat_number="SE559833417401",
        street="Hyvelgränd 3",
        postcode="702 27",
        town="Örebro",
        email="faktura@lillsjons.example",
        telephone="08-465 004 12",
        bankgiro="50551209",
    )
    user = User.objects.get(email=MAJA[0])
    people = work.customers(_CUSTOMERS)
    with acting_for(company.id):
        ids = [
            create_customer(
                company.id,
                CustomerEntry(
                    name=one.name,
                    number=str(1001 + position),
                    # A personal identity number tells it.
                    kind=None if one.kind == "consumer" and one.identity_number else DebtorKind(one.kind),
                    identity_number=one.identity_number,
                    vat_number=one.vat_number,
                    # A few addresses are missing, as in every ledger.
                    address=Address(
                        street="" if position % _EVERY == _GAP else one.street,
                        postcode=one.postcode,
                        town=one.town,
                        country=one.country,
                    ),
                    # Those without an address get their letters by post.
                    email=one.email if position % 5 > 1 else "",
                    language=one.language,
                ),
                today=today,
            ).id
            for position, one in enumerate(people)
        ]
        invoices = work.invoices(people, _INVOICES, today)
        take_over_ledger(company.id, [_taken(ids[made.customer], made) for made in invoices], user=user)
        _credit(company.id, [made for made in invoices if made.credited], user, today)
        book_payments_through(company.id, today - timedelta(days=1), today=today, at=at)


def _credit(company_id: UUID, invoices: list[work.InventedInvoice], user: User, today: date) -> None:
    entered = dict(
        Invoice.objects.filter(company_id=company_id, number__in=[made.number for made in invoices]).values_list(
            "number", "id"
        )
    )
    for made in invoices:
        day = made.issue_date + timedelta(days=5)
        record_credit_note(
            company_id, entered[made.number], f"K{made.number}", day, Money(made.credited),
            reason="Fel antal på fakturan", user=user, today=today, at=datetime.combine(day, time(10), clock.STOCKHOLM),
        )  # fmt: skip


def _taken(customer_id: UUID, made: work.InventedInvoice) -> TakenOver:
    entry = InvoiceEntry(
        number=made.number,
        customer_id=customer_id,
        issue_date=made.issue_date,
        due_date=made.due_date,
        lines=[
            LineEntry(text=line.text, quantity=work.quantity(line), unit=line.unit, unit_price=Money(line.price * 100))
            for line in made.lines
        ],
        deduction=made.deduction,
        share=made.share,
        payment_reference=made.reference,
    )
    return TakenOver(entry, [(day, Money(ore)) for day, ore in made.paid])


def activate() -> None:
    """Accept the terms, and let the agency know."""
    company, user = Company.objects.get(), User.objects.get(email=MAJA[0])
    today = clock.today()
    terms = newest_terms(today)
    assert terms is not None  # noqa: S101 - a migration has added it
    with acting_for(company.id):
        activate_reminders(
            company.id,
            Answers(
                contact_name=MAJA[1],
                contact_email=MAJA[0],
                contact_telephone="08-465 004 12",
                account_kind="bankgiro",
                account_number="50551209",
                debt_text="snickeriarbete",
                debt_text_in_english="joinery work",
                reminder_fee_agreed_since=today - _TERMS_SINCE,
                due_date_agreed_since=today - _TERMS_SINCE,
                invoices_warn_of_interest=True,
                trader_charge=TraderCharge.REMINDER_FEE,
            ),
            terms_version=terms.version,
            user=user,
            today=today,
            at=clock.now(),
        )
    send_activations()


def send(count: int) -> None:
    """Hand over so many of the invoices that have been overdue longest and may be sent."""
    company, user, today = Company.objects.get(), User.objects.get(email=JONAS[0]), clock.today()
    with acting_for(company.id):
        overdue = Invoice.objects.filter(
            company_id=company.id, remaining_ore__gt=0, due_date__lt=today, agency_state="", currency="SEK"
        ).order_by("due_date", "id")
        ready = [
            one
            for one in prepare(company.id, list(overdue.values_list("id", flat=True)), today=today)
            if one.may_be_sent
        ][:count]
        if ready:
            hand_over_invoices(
                company.id,
                [one.id for one in ready],
                shown=shown_of(((one.version, True) for one in ready), today=today),
                user=user,
                today=today,
                at=clock.now(),
            )
    send_handovers()
    read_feed()


def pay(state: str, count: int) -> None:
    """Book what is left of so many invoices that stand so with the agency, the oldest first."""
    company, user, today = Company.objects.get(), User.objects.get(email=MAJA[0]), clock.today()
    with acting_for(company.id):
        at_agency = Invoice.objects.filter(company_id=company.id, agency_state=state, remaining_ore__gt=0).order_by(
            "sent_at", "id"
        )[:count]
        for invoice in at_agency:
            record_payment(
                company.id, invoice.id, today, Money(invoice.remaining_ore), user=user, today=today, at=clock.now()
            )
    send_commands()
    read_feed()


def main(words: list[str]) -> None:
    """Do one thing that the demo's start asks for."""
    match words:
        case ["company"]:
            make_company()
        case ["activate"]:
            activate()
        case ["send", count]:
            send(int(count))
        case ["pay", state, count]:
            pay(state, int(count))
        case ["hear"]:
            read_feed()
        case _:
            raise SystemExit(f"no such part of the demo: {words}")
