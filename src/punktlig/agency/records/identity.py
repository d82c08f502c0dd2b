"""Who this agency is: what its letters say of their sender, and where debtors pay."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from punktlig.formats.agency_file import read_agency_file
from punktlig.tenancy.real_use import Consequence, SettingIsMissing, is_real

if TYPE_CHECKING:
    from punktlig.core.agency import Agency

INVENTED = Path(__file__).parents[1] / "ekviken.toml"

# The reader asks for a day to judge people's numbers by; an agency's is an organisation's, which has no date in it.
_ANY_DAY = date(2026, 1, 1)


def agency() -> Agency:
    """Return the agency of this installation: the file in the settings, else the demo's invented one.

    Raises:
        SettingIsMissing: this is real use and no file is named.
        Refusal: the file cannot be read or says something that may not be printed (`formats.agency_file`).
    """
    if not settings.AGENCY_FILE and is_real():
        raise SettingIsMissing("PUNKTLIG_AGENCY_FILE", Consequence.INVENTED_AGENCY)
    return _read(Path(settings.AGENCY_FILE) if settings.AGENCY_FILE else INVENTED)


@lru_cache(maxsize=4)
def _read(path: Path) -> Agency:
    return read_agency_file(path, today=_ANY_DAY)
