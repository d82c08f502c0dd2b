"""The Riksbank's reference rate for each calendar half-year (Interest Act 1975:635 s. 9).

The rate is looked up, never computed: the Riksbank decides it from its main refinancing rate just before the half-year,
rounded up to the nearest half percentage point. A new half-year is a new row at the end; old rows stay for old claims.
`docs/law.md` says how a row is added and what must be checked first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ReferenceRate:
    """The reference rate in per cent a year from `valid_from`, to the end of that half-year; may be negative."""

    valid_from: date
    percent: Decimal
    source: str


def _row(valid_from: str, percent: str, source: str) -> ReferenceRate:
    return ReferenceRate(date.fromisoformat(valid_from), Decimal(percent), source)


REFERENCE_RATES: tuple[ReferenceRate, ...] = (
    _row("2002-07-01", "4.50", "Riksbank table (stored page)"),
    _row("2003-01-01", "4.00", "Riksbank table (stored page); SFS 2003:3 (number known; text not in snapshot)"),
    _row("2003-07-01", "3.00", "Riksbank table (stored page); SFS 2003:517 (number known; text not in snapshot)"),
    _row("2004-01-01", "3.00", "Riksbank table (stored page); SFS 2004:1 (number known; text not in snapshot)"),
    _row("2004-07-01", "2.00", "Riksbank table (stored page)"),
    _row("2005-01-01", "2.00", "Riksbank table (stored page); SFS 2005:3 (number known; text not in snapshot)"),
    _row("2005-07-01", "1.50", "Riksbank table (stored page)"),
    _row("2006-01-01", "1.50", "Riksbank table (stored page); SFS 2006:1 (number known; text not in snapshot)"),
    _row("2006-07-01", "2.50", "Riksbank table (stored page); SFS 2006:1052 (number known; text not in snapshot)"),
    _row("2007-01-01", "3.00", "Riksbank table (stored page)"),
    _row("2007-07-01", "3.50", "Riksbank table (stored page); SFS 2007:679 (number known; text not in snapshot)"),
    _row("2008-01-01", "4.00", "Riksbank table (stored page); SFS 2008:1 (number known; text not in snapshot)"),
    _row("2008-07-01", "4.50", "Riksbank table (stored page); SFS 2008:716 (number known; text not in snapshot)"),
    _row("2009-01-01", "2.00", "Riksbank table (stored page); SFS 2009:2 (text read)"),
    _row("2009-07-01", "0.50", "Riksbank table (stored page); SFS 2009:891 (text read)"),
    _row("2010-01-01", "0.50", "Riksbank table (stored page); SFS 2010:1 (number known; text not in snapshot)"),
    _row("2010-07-01", "0.50", "Riksbank table (stored page); SFS 2010:1041 (text read)"),
    _row("2011-01-01", "1.50", "Riksbank table (stored page); SFS 2011:1 (text read)"),
    _row("2011-07-01", "2.00", "Riksbank table (stored page); SFS 2011:941 (text read)"),
    _row("2012-01-01", "2.00", "Riksbank table (stored page); SFS 2012:1 (text read)"),
    _row("2012-07-01", "1.50", "Riksbank table (stored page); SFS 2012:533 (text read)"),
    _row("2013-01-01", "1.00", "Riksbank table (stored page); SFS 2013:1 (text read)"),
    _row("2013-07-01", "1.00", "Riksbank table (stored page); SFS 2013:698 (text read)"),
    _row("2014-01-01", "1.00", "Riksbank table (stored page); SFS 2014:1 (number known; text not in snapshot)"),
    _row("2014-07-01", "1.00", "Riksbank table (stored page)"),
    _row("2015-01-01", "0.00", "Riksbank table (stored page); SFS 2015:3 (text read)"),
    _row("2015-07-01", "0.00", "Riksbank table (stored page); SFS 2015:519 (text read)"),
    _row("2016-01-01", "0.00", "Riksbank table (stored page)"),
    _row("2016-07-01", "-0.50", "Riksbank table (stored page); SFS 2016:838 (text read)"),
    _row("2017-01-01", "-0.50", "Riksbank table (stored page)"),
    _row("2017-07-01", "-0.50", "Riksbank table (stored page); SFS 2017:843 (text read)"),
    _row("2018-01-01", "-0.50", "Riksbank table (stored page); SFS 2018:1 (number known; text not in snapshot)"),
    _row("2018-07-01", "-0.50", "Riksbank table (stored page); SFS 2018:1403 (number known; text not in snapshot)"),
    _row("2019-01-01", "-0.50", "Riksbank table (stored page)"),
    _row("2019-07-01", "0.00", "Riksbank table (stored page); SFS 2019:550 (text read)"),
    _row("2020-01-01", "0.00", "Riksbank table (stored page); SFS 2020:1 (text read)"),
    _row("2020-07-01", "0.00", "Riksbank table (stored page)"),
    _row("2021-01-01", "0.00", "Riksbank table (stored page)"),
    _row("2021-07-01", "0.00", "Riksbank table (stored page); SFS 2021:773 (text read)"),
    _row("2022-01-01", "0.00", "Riksbank table (stored page); SFS 2022:1 (text read)"),
    _row("2022-07-01", "0.50", "Riksbank table (stored page); SFS 2022:1339 (text read)"),
    _row("2023-01-01", "2.50", "Riksbank table (stored page); SFS 2023:1 (text read)"),
    _row("2023-07-01", "3.50", "Riksbank table (stored page); SFS 2023:509 (text read)"),
    _row("2024-01-01", "4.00", "Riksbank table (stored page); SFS 2023:954 (text read)"),
    _row("2024-07-01", "4.00", "Riksbank table (stored page); SFS 2024:613 (text read)"),
    _row("2025-01-01", "3.00", "SFS 2024:1373 (text read); mystep.se table"),
    _row("2025-07-01", "2.00", "SFS 2025:809 (text read); mystep.se table"),
    _row("2026-01-01", "2.00", "mystep.se table; 2 open-source products; SECONDARY ONLY"),
    _row(
        "2026-07-01",
        "2.00",
        "3 open-source products (4 files) stating Riksbank check dates 2026-09-04, 2026-09-18, 2026-09-24; SECONDARY ONLY",
    ),
)
