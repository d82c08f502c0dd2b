"""Measure and print: `python -m bench`."""

from __future__ import annotations

from datetime import date, timedelta
from time import perf_counter

from punktlig.core.interest import Debt, late_payment_interest
from punktlig.core.money import Money

_CLAIMS = 50_000


def main() -> None:
    """Print how many claims a second get their late-payment interest computed."""
    first = date(2003, 1, 1)
    claims = [
        (Debt(Money(10_000 + 37 * number), first + timedelta(days=number % 8000)), date(2026, 6, 30))
        for number in range(_CLAIMS)
    ]
    started = perf_counter()
    for debt, through in claims:
        late_payment_interest(debt, through).total  # noqa: B018 - the total is computed when asked for
    print(f"late-payment interest: {_CLAIMS / (perf_counter() - started):,.0f} claims/s")


if __name__ == "__main__":
    main()
