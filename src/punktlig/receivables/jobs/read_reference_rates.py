"""Asks the agency which reference rates it knows, so that a preview reckons as the letter will."""

from __future__ import annotations

import logging

from punktlig import clock
from punktlig.exchange.outcomes import Unknown
from punktlig.receivables.actions.heard_rates import hear_rates
from punktlig.receivables.jobs.agency_connection import agency_client, log_unknown

_log = logging.getLogger(__name__)


def read_reference_rates() -> None:
    """Store the rates that are new. What the agency says differently than we know is told to whoever runs the site."""
    with agency_client() as client:
        told = client.reference_rates()
    if isinstance(told, Unknown):
        log_unknown("the reference rates", told)
        return
    brought = hear_rates(told.rates, at=clock.now())
    for row in brought.rows:
        _log.info("the agency told the reference rate from %s: %s %%", row.valid_from, row.percent)
    for differing in brought.disagreements:
        _log.error(
            "the agency reckons with %s %% from %s where we know %s %%: previews and letters differ",
            differing.told,
            differing.valid_from,
            differing.known,
        )
    for refusal in brought.refusals:
        _log.error("a reference rate that the agency told cannot be right: %s", refusal)
