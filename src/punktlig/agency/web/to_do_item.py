"""One thing that needs a person at the agency, of whatever sort."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from punktlig.ui.parts import Fact


class Kind(StrEnum):
    """What sort of thing it is: its own selection in the list."""

    CLAIMS = "claims"
    LETTERS = "letters"
    REFUSALS = "refusals"
    RATES = "rates"
    PLATFORMS = "platforms"


# What only administrators can do something about.
ADMINISTRATORS = frozenset({Kind.RATES, Kind.PLATFORMS})


@dataclass(frozen=True)
class ToDo:
    """Something that waits for a person: `what` and `about` in the list; on its sheet what happened and what to do."""

    key: str
    kind: Kind
    since: datetime
    what: str
    about: str
    happened: str
    todo: str
    url: str
    act: str
    whose: str = ""
    ore: int | None = None
    facts: tuple[Fact, ...] = ()
