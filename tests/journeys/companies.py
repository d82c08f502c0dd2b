"""A small company for one journey: its own id, so that journeys do not meet."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import httpx

from tests.journeys.both_sites import OWNER, PASSWORD, READER, SALES

if TYPE_CHECKING:
    from typing import LiteralString

    from tests.journeys.both_sites import BothSites
    from tests.journeys.pages import Visitor

_numbers = count(1)
_PEOPLE = {"owner": OWNER, "sales": SALES, "reader": READER}


@dataclass(frozen=True)
class Invoice:
    """An invoice as a journey knows it."""

    id: str
    customer: str
    number: str


class Company:
    """A company at the receivables site; owner, sales and reader are the same people in all of them."""

    def __init__(self, system: BothSites, name: str) -> None:
        self.system, self.name = system, name
        people = {role: [person.email, person.name] for role, person in _PEOPLE.items()}
        self.id: str = self._do("company", name=name, people=people, password=PASSWORD)
        self._invoice_numbers = count(20_001)

    def _do(self, verb: str, **arguments: Any) -> Any:
        return self.system.seeding["receivables"].do(verb, **arguments)

    def path(self, rest: str = "") -> str:
        """Return the path of a page of the company."""
        return f"/c/{self.id}/{rest}"

    def url(self, rest: str = "") -> str:
        """Return the address of a page of the company."""
        return self.system.url("receivables", self.path(rest))

    def activate(self, **answers: str) -> None:
        """Switch reminder handling on, as the wizard does, and return when the agency has answered."""
        self._do("activate", company_id=self.id, email=OWNER.email, **answers)
        self.system.wait_until_quiet()

    def invoice(self, **facts: Any) -> Invoice:
        """Make a customer with an overdue invoice."""
        number = facts.pop("number", None) or str(next(self._invoice_numbers))
        made = self._do("invoice", company_id=self.id, number=number, email=OWNER.email, **facts)
        return Invoice(made["invoice"], made["customer"], number)

    def pay(self, invoice: Invoice, **amount: int) -> None:
        """Book a payment of today."""
        self._do("pay", company_id=self.id, invoice_id=invoice.id, email=OWNER.email, **amount)

    def move(self, invoice: Invoice, street: str) -> None:
        """Let the invoice's customer live somewhere else."""
        self._do("move_customer", company_id=self.id, customer_id=invoice.customer, email=OWNER.email, street=street)

    def send(self, by: Visitor, *invoices: Invoice) -> None:
        """Let somebody look at what would be sent, and confirm it."""
        answer = by.send(by.preview(self.id, [one.id for one in invoices]))
        assert answer.status_code == httpx.codes.FOUND, f"not sent: {answer.status_code} {answer.text[:3000]}"

    def claim_of(self, invoice: Invoice) -> str:
        """Return the number of the invoice's claim, when all is quiet and both sites agree about it."""
        self.system.wait_until_quiet()
        number = self.claims()[invoice.number]
        ours: LiteralString = "SELECT claim_number FROM receivables_invoice WHERE id = %s"
        told = self.system.value("receivables", ours, invoice.id)
        assert told == number, f"invoice {invoice.number} is claim {number} at the agency and {told!r} here"
        return number

    def is_a_trader(self, invoice: Invoice) -> None:
        """Let the invoice's customer be a business."""
        self._do("mend_customer", company_id=self.id, customer_id=invoice.customer, email=OWNER.email)

    def let_into_the_agency(self) -> str:
        """Give the owner a log-in at the agency too, and return the creditor's id there."""
        told: str = self.system.seeding["agency"].do(
            "creditor_person", company_id=self.id, email=OWNER.email, name=OWNER.name, password=PASSWORD
        )
        return told

    def states(self) -> dict[str, str]:
        """Return where each invoice stands with the agency, by its number; empty text when it was not sent."""
        return dict(
            self.system.rows(
                "receivables", "SELECT number, agency_state FROM receivables_invoice WHERE company_id = %s", self.id
            )
        )

    def letters_left(self) -> list[str]:
        """Return the invoice numbers of the letters that lie in the printer's folder, one for each PDF there."""
        letters = dict(
            self.system.rows(
                "agency",
                "SELECT letter.id::text, claim.invoice_number FROM agency_letter AS letter"
                " JOIN agency_claim AS claim ON claim.id = letter.claim_id"
                " JOIN agency_creditor AS creditor ON creditor.id = claim.creditor_id WHERE creditor.company_id = %s",
                self.id,
            )
        )
        found = []
        for batch in self.system.printed.glob("*.zip"):
            with ZipFile(batch) as opened:
                found += [name.removesuffix(".pdf") for name in opened.namelist() if name.endswith(".pdf")]
        return sorted(letters[letter] for letter in found if letter in letters)

    def claims(self) -> dict[str, str]:
        """Return the claim number of each invoice of the company that has its one claim, by the invoice's number."""
        found = self.system.rows(
            "agency",
            "SELECT claim.invoice_number, claim.number FROM agency_claim AS claim"
            " JOIN agency_creditor AS creditor ON creditor.id = claim.creditor_id WHERE creditor.company_id = %s",
            self.id,
        )
        numbers = dict(found)
        assert len(numbers) == len(found), f"an invoice has two claims: {found}"
        return numbers


def new_company(system: BothSites, name: str = "Lillsjöns Snickeri") -> Company:
    """Return a company that nobody has met; its number follows its name."""
    return Company(system, f"{name} {next(_numbers)} AB")
