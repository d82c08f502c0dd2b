"""By what a confirmation knows that nothing has changed since its preview: the versions of the rows it was made from.

See `sending_rows`. A row that was written without a change counts as changed: then the preview is shown again.

What the preview found of each goes along under a seal. What it found free to go, and has not changed since, need not be
judged again, which takes longer than everything else that is done with it; without the seal anybody could claim it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version as release_of
from typing import TYPE_CHECKING

from django.core.signing import BadSignature, Signer

from punktlig.receivables.records.sending_rows import (
    shared_of,
    shared_statements,
    version_statements,
    versions_in,
)
from punktlig.tenancy.plain_reading import as_array, run_together

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date
    from uuid import UUID


def versions_of(company_id: UUID, invoice_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return, for each of the company's invoices among these, the version of all that it would be sent with.

    It is that of `sending_facts.Prepared`, read without what is judged.
    """
    ids = as_array(dict.fromkeys(invoice_ids))
    company, activation, rates, *found = run_together(
        *shared_statements(company_id), *version_statements(company_id, ids)
    )
    return versions_in(shared_of(company, activation, rates), *found)


def shown_hash(versions: Iterable[str], *, today: date) -> str:
    """Return the hash by which a confirmation says what its preview showed: these versions, on this day.

    The day itself, not only the planned one: reminders of a Friday and a Saturday are issued alike, but what was not
    overdue on the one may be on the other, and then what the preview said would stay would go. The order does not
    count.
    """
    parts = [today.isoformat(), *sorted(versions)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Shown:
    """What a confirmation says that its preview showed: the hash of it, and what it found of each, if that is sealed.

    `findings` has a sign for each version, in their order as text: 1 when nothing stood in its way, else 0.
    """

    hash: str
    findings: str = ""

    def free(self, versions: Collection[str]) -> set[str]:
        """Return those of the versions that the preview found free to go; the hash is of all of these."""
        if len(self.findings) != len(versions):
            return set()
        return {version for version, found in zip(sorted(versions), self.findings, strict=True) if found == _FREE}


_FREE, _NOT_FREE = "1", "0"
_LONGEST_HASH = 64


def shown_of(judged: Iterable[tuple[str, bool]], *, today: date) -> str:
    """Return what the confirmation of a preview carries, for `read_shown`: of each version whether it is free to go."""
    found = sorted(judged)
    shown = shown_hash((version for version, _ in found), today=today)
    findings = "".join(_FREE if is_free else _NOT_FREE for _, is_free in found)
    return _signer().sign_object([shown, findings], compress=True)


def read_shown(carried: str) -> Shown:
    """Return what a confirmation carries. Of a hash alone, or what has no seal of ours, nothing is found free."""
    try:
        shown, findings = _signer().unsign_object(carried)
    except BadSignature:
        return Shown(carried[:_LONGEST_HASH])
    return Shown(shown, findings)


@cache
def _signer() -> Signer:
    # Another release may judge otherwise, or know another reference rate.
    return Signer(salt=f"punktlig.receivables.preview {release_of('punktlig')}")
