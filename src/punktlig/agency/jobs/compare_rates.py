"""Says loudly when a release knows another reference rate than the one that was approved here before it."""

from __future__ import annotations

import logging

from punktlig.agency.records.reference_rates import disagreeing_rates

_log = logging.getLogger(__name__)


def compare_rates() -> None:
    """Tell whoever runs the site; the administrators see the same on their list until somebody has mended it."""
    for one in disagreeing_rates():
        _log.error(
            "the reference rate from %s was approved as %s %% and is %s %% in this release, which counts",
            one.valid_from,
            one.told,
            one.known,
        )
