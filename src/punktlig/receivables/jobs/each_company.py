"""Work for one company after the other, none of whom holds up the others."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import InterfaceError, OperationalError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

log = logging.getLogger(__name__)


@contextmanager
def working_for(company_id: UUID) -> Iterator[None]:
    """Let a fault that concerns this company alone go to the log, and leave its work to the next run.

    Raises:
        OperationalError or InterfaceError: the database itself does not answer, so nobody's work can be done.
    """
    try:
        yield
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("the work for company %s failed", company_id)
