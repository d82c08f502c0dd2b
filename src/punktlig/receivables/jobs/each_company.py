"""Work for one company after the other, none of whom holds up the others."""

from __future__ import annotations

import logging
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from django.db import InterfaceError, OperationalError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from uuid import UUID

log = logging.getLogger(__name__)

_OURS = str(Path(__file__).parents[2])


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


class Attempt:
    """Work for one company that has failed before: a fault that concerns it alone is held, for its caller to tell.

    Raises:
        OperationalError or InterfaceError: the database itself does not answer, so nobody's work can be done.
    """

    def __init__(self) -> None:
        self.fault: Exception | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(fault, Exception) or isinstance(fault, (OperationalError, InterfaceError)):
            return False
        self.fault = fault
        return True


def in_one_line(fault: Exception) -> str:
    """Return what went wrong and where: `ZeroDivisionError: division by zero, in apply_events, events.py:83`."""
    said = str(fault).strip().partition("\n")[0]
    ours = [frame for frame in traceback.extract_tb(fault.__traceback__) if frame.filename.startswith(_OURS)]
    at = f", in {ours[-1].name}, {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
    return f"{type(fault).__name__}{': ' if said else ''}{said}{at}"
