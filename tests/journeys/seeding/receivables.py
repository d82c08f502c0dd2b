"""Companies, people, customers and invoices for the journeys, made by the receivables site's own actions."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from procrastinate.contrib.django import app

from punktlig import clock
from punktlig.core.invoice import DeductionKind
from punktlig.core.money import Money
from punktlig.core.parties import DebtorKind
from punktlig.receivables.actions.activation import Answers, activate_reminders
from punktlig.receivables.actions.company import CompanyFacts, change_company
from punktlig.receivables.actions.customers import Address, CustomerEntry, create_customer, mend_address, mend_kind
from punktlig.receivables.actions.invoices import enter_invoice
from punktlig.receivables.actions.members import add_first_member
from punktlig.receivables.actions.payments import book_payments_through, record_payment
from punktlig.receivables.records.activation import TraderCharge
from punktlig.receivables.records.invoice import Invoice
from punktlig.receivables.records.invoice_entry import InvoiceEntry, LineEntry
from punktlig.receivables.records.sending_facts import newest_terms
from punktlig.tenancy.context import acting_for
from punktlig.tenancy.models import User

ORGANISATION_NUMBER = "559833-4174"
BANKGIRO = "50551209"
AGREED_SINCE = date(2024, 1, 1)
DAYS_TO_PAY = 30


def nudge(task: str) -> int:
    """Wake the worker for one of its tasks, as the site's actions do, and return the number of the job in its queue."""
    return app.configure_task(task).defer()


def company(name: str, people: dict[str, list[str]], password: str) -> str:
    """Make a company with its people, `{role: [e-mail, name]}`, and return its id. A person may be in several."""
    for role, (email, person) in people.items():
        made = add_first_member(
            email, person, password, role=role, company_name=name, organisation_number=ORGANISATION_NUMBER,
            today=clock.today(),
        )  # fmt: skip
    facts = CompanyFacts(
        name=name,
        vat_number="SE559833417401",
        street="Hyvelgränd 3",
        postcode="702 27",
        town="Örebro",
        email="faktura@lillsjons.example",
        telephone="08-465 004 12",
        bankgiro=BANKGIRO,
        plusgiro="",
        iban="",
    )
    with acting_for(made.id):
        change_company(made.id, facts, at=clock.now())
        book_payments_through(made.id, clock.today() - timedelta(days=1), today=clock.today(), at=clock.now())
    return str(made.id)


def activate(company_id: str, email: str, trader_charge: str = "reminder_fee") -> None:
    """Accept the terms, as the wizard's last step does."""
    today = clock.today()
    terms = newest_terms(today)
    assert terms is not None
    tenant, user = UUID(company_id), User.objects.get(email=email)
    with acting_for(tenant):
        answers = Answers(
            contact_name=user.name,
            contact_email=email,
            account_kind="bankgiro",
            account_number=BANKGIRO,
            debt_text="Snickeriarbete",
            debt_text_in_english="Joinery work",
            reminder_fee_agreed_since=AGREED_SINCE,
            due_date_agreed_since=AGREED_SINCE,
            invoices_warn_of_interest=True,
            trader_charge=TraderCharge(trader_charge),
        )
        activate_reminders(tenant, answers, terms_version=terms.version, user=user, today=today, at=clock.now())


def invoice(
    company_id: str,
    number: str,
    *,
    email: str,
    name: str = "Anna Ek",
    kind: str = "consumer",
    kronor: int = 1200,
    overdue: int = 20,
    street: str = "Björkvägen 7",
    postcode: str = "702 31",
    town: str = "Örebro",
    country: str = "SE",
    language: str = "sv",
    rot_share: int = 0,
    identity_number: str = "",
    customer_email: str = "",
) -> dict[str, str]:
    """Make a customer with one invoice that was due so many days ago, in whole kronor with VAT; return their ids."""
    tenant, user, today = UUID(company_id), User.objects.get(email=email), clock.today()
    due = today - timedelta(days=overdue)
    with acting_for(tenant):
        customer = create_customer(
            tenant,
            CustomerEntry(
                name=name,
                kind=DebtorKind(kind) if kind else None,
                identity_number=identity_number,
                address=Address(street=street, postcode=postcode, town=town, country=country),
                email=customer_email,
                language=language,
            ),
            today=today,
        )
        line = LineEntry(
            text="Platsbyggd bokhylla", quantity=Decimal(1), unit="st", unit_price=Money(kronor * 100 * 4 // 5)
        )
        made = enter_invoice(
            tenant,
            InvoiceEntry(
                number=number,
                customer_id=customer.id,
                issue_date=due - timedelta(days=DAYS_TO_PAY),
                due_date=due,
                lines=[line],
                deduction=DeductionKind.ROT if rot_share else None,
                share=Money(rot_share * 100) if rot_share else None,
            ),
            user=user,
            at=clock.now(),
        )
    return {"invoice": str(made.id), "customer": str(customer.id)}


def pay(company_id: str, invoice_id: str, *, email: str, kronor: int = 0) -> None:
    """Book a payment made today, of all that is left unless told otherwise, which may be more than that."""
    tenant, user, today = UUID(company_id), User.objects.get(email=email), clock.today()
    with acting_for(tenant):
        left = Invoice.objects.get(company_id=tenant, id=invoice_id).remaining_ore
        amount = Money(kronor * 100 or left)
        record_payment(
            tenant, UUID(invoice_id), today, amount, may_exceed=bool(kronor), user=user, today=today, at=clock.now()
        )


def move_customer(company_id: str, customer_id: str, *, email: str, street: str) -> None:
    """Change where a customer lives."""
    tenant, user = UUID(company_id), User.objects.get(email=email)
    with acting_for(tenant):
        address = Address(street=street, postcode="702 31", town="Örebro")
        mend_address(tenant, UUID(customer_id), address, user=user, at=clock.now())


def mend_customer(company_id: str, customer_id: str, *, email: str) -> None:
    """Say that a customer is a trader."""
    tenant, user = UUID(company_id), User.objects.get(email=email)
    with acting_for(tenant):
        mend_kind(tenant, UUID(customer_id), DebtorKind.TRADER, user=user, today=clock.today(), at=clock.now())
