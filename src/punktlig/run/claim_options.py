"""The options that tell what no invoice file does: terms, kind of debtor, payments. The facts follow from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from punktlig.core.due import Start
from punktlig.core.facts import ReminderFacts, Terms
from punktlig.core.parties import DebtorKind
from punktlig.core.refusal import Refusal
from punktlig.run.parameters import AMOUNT, DAY, PAYMENT, RATE, as_of_option

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from punktlig.core.interest import PartPayment
    from punktlig.core.invoice import Invoice
    from punktlig.core.money import Money


@dataclass(eq=False)
class OptionIsForOneInvoice(Refusal):
    """An option that is a fact of one invoice was given together with several files."""

    option: str
    count: int


_PLAIN_TERMS = Terms()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimOptions:
    """What was told on the command line about one invoice or, where it holds for all of them, several."""

    as_of: date
    terms: Terms = _PLAIN_TERMS
    debtor: DebtorKind | None = None
    payments: tuple[PartPayment, ...] = ()
    payments_booked_through: date | None = None
    customer_share: Money | None = None
    customer_share_confirmed: bool = False
    limitation_interrupted: date | None = None
    debt_text: str = ""

    def facts(self, invoice: Invoice) -> ReminderFacts:
        """Return everything the decision about this invoice rests on."""
        return ReminderFacts(
            invoice=invoice,
            today=self.as_of,
            terms=self.terms,
            debtor_kind=self.debtor,
            payments=self.payments,
            payments_booked_through=self.payments_booked_through,
            customer_share=self.customer_share,
            customer_share_confirmed=self.customer_share_confirmed,
            limitation_interrupted=self.limitation_interrupted,
        )

    def refuse_for_several(self, count: int) -> None:
        """Raise OptionIsForOneInvoice when a fact of a single invoice would be used for several."""
        if count < 2:  # noqa: PLR2004 - several is more than one
            return
        for option, told in (
            ("--due", self.terms.due_date),
            ("--demand-sent", self.terms.demand_sent),
            ("--paid", self.payments),
            ("--customer-share", self.customer_share),
            ("--limitation-interrupted", self.limitation_interrupted),
            ("--debt-text", self.debt_text),
        ):
            if told:
                raise OptionIsForOneInvoice(option, count)


_OPTIONS = (
    as_of_option,
    click.option("--due", type=DAY, help="The agreed due date, instead of the invoice's own. One invoice."),
    click.option(
        "--start",
        type=click.Choice([start.value for start in Start]),
        default=Start.AGREED_DUE_DATE.value,
        show_default=True,
        help="What interest starts from: an agreed due date; 30 days after a demand, when none was agreed; or a day "
        "that the contract names, which does not move to a bank day.",
    ),
    click.option(
        "--demand-sent",
        type=DAY,
        help="With --start after-demand: when the invoice or a later demand was sent. One invoice.",
    ),
    click.option(
        "--warned-of-interest",
        is_flag=True,
        help="With --start after-demand: it said that interest follows if it is not paid, as a consumer must be told.",
    ),
    click.option(
        "--debtor",
        type=click.Choice([kind.value for kind in DebtorKind]),
        help="The kind of debtor, where the identity number does not tell.",
    ),
    click.option(
        "--reminder-fee-agreed-since",
        type=DAY,
        help="Since when the creditor's terms have a reminder fee. Older debts get none.",
    ),
    click.option(
        "--late-payment-compensation",
        is_flag=True,
        help="Ask for the 450 kr between traders, or from a public body, instead of a reminder fee.",
    ),
    click.option("--agreed-rate", type=RATE, help="The late rate of the creditor's terms: 18, or reference+10."),
    click.option(
        "--charge-consumers-abroad",
        is_flag=True,
        help="The creditor has decided to ask consumers abroad for interest and fee.",
    ),
    click.option(
        "--paid", type=PAYMENT, multiple=True, help="A part payment, DATE:AMOUNT. May be repeated. One invoice."
    ),
    click.option(
        "--payments-booked-through",
        type=DAY,
        help="The last day whose payments are all known. A letter is refused when that is too long ago.",
    ),
    click.option(
        "--customer-share",
        type=AMOUNT,
        help="What the customer owes itself after ROT, RUT or green deduction. One invoice.",
    ),
    click.option(
        "--customer-share-confirmed",
        is_flag=True,
        help="The creditor confirms that share although the percentage has changed since the invoice.",
    ),
    click.option(
        "--limitation-interrupted",
        type=DAY,
        help="When the debtor last acknowledged the debt or received a written demand. One invoice.",
    ),
)


def claim_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options above; it receives them together as `chosen`, a ClaimOptions."""

    @wraps(command)
    def with_chosen(*args: Any, debt_text: str = "", **told: Any) -> Any:
        options = {name: told.pop(name) for name in _NAMES}
        return command(*args, chosen=_chosen(debt_text=debt_text, **options), **told)

    for option in reversed(_OPTIONS):
        option(with_chosen)
    return with_chosen


_NAMES = (
    "as_of",
    "due",
    "start",
    "demand_sent",
    "warned_of_interest",
    "debtor",
    "reminder_fee_agreed_since",
    "late_payment_compensation",
    "agreed_rate",
    "charge_consumers_abroad",
    "paid",
    "payments_booked_through",
    "customer_share",
    "customer_share_confirmed",
    "limitation_interrupted",
)


def _chosen(*, debt_text: str, **told: Any) -> ClaimOptions:
    start = Start(told["start"])
    if told["reminder_fee_agreed_since"] and told["late_payment_compensation"]:
        raise click.UsageError(
            "--reminder-fee-agreed-since and --late-payment-compensation exclude each other (Act 1981:739 s. 4 a)."
        )
    if start is not Start.AFTER_DEMAND:
        for option, value in (("--demand-sent", "demand_sent"), ("--warned-of-interest", "warned_of_interest")):
            if told[value]:
                raise click.UsageError(f"{option} says something only together with --start after-demand.")
    if told["customer_share_confirmed"] and told["customer_share"] is None:
        raise click.UsageError("--customer-share-confirmed confirms a share, so give --customer-share too.")
    return ClaimOptions(
        as_of=told["as_of"],
        terms=Terms(
            start=start,
            due_date=told["due"],
            demand_sent=told["demand_sent"],
            warned_of_interest=told["warned_of_interest"],
            reminder_fee_agreed_since=told["reminder_fee_agreed_since"],
            claims_compensation=told["late_payment_compensation"],
            agreed_rate=told["agreed_rate"],
            charges_consumers_abroad=told["charge_consumers_abroad"],
        ),
        debtor=DebtorKind(told["debtor"]) if told["debtor"] else None,
        payments=told["paid"],
        payments_booked_through=told["payments_booked_through"],
        customer_share=told["customer_share"],
        customer_share_confirmed=told["customer_share_confirmed"],
        limitation_interrupted=told["limitation_interrupted"],
        debt_text=debt_text,
    )
