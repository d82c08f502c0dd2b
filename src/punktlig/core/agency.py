"""Who the agency is: what a letter says of its sender, and where debtors pay."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """The agency's identity. Numbers are kept as they are printed.

    `brand` is the short name at the top of the paper. `bankgiro` is the client-funds account that debtors in Sweden
    pay to, `iban` and `bic` the same for those abroad. `telephone` is written as within Sweden, `hours` as `9–16`.
    `seat` is where the board has its seat, which the Companies Act asks business letters to say. `permit` is a line
    about the permit to collect debts, or empty for an agency that only reminds.
    """

    name: str
    brand: str
    organisation_number: str
    address: str
    postcode: str
    town: str
    telephone: str
    hours: str
    email: str
    bankgiro: str
    iban: str
    bic: str
    seat: str
    website: str = ""
    approved_for_f_tax: bool = True
    permit: str = ""

    @property
    def telephone_abroad(self) -> str:
        """The telephone number as dialled from another country."""
        national = self.telephone.replace("-", " ").strip()
        return f"+46 {national[1:]}" if national.startswith("0") else national
