"""Make a company of a platform a creditor, or change its agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from punktlig.agency.records.creditor import Creditor
from punktlig.agency.records.platform import Platform

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from punktlig.exchange.messages import Activation


def activate_creditor(
    platform: Platform, activation: Activation, sha256: str, *, at: datetime
) -> tuple[Creditor, bool]:
    """Return the creditor as the activation tells it, and whether it was made now.

    The same bytes again change nothing. Other facts change the agreement from now on; claims already accepted keep
    the terms they came with. Of two activations the one that was accepted or told last by the company counts,
    whatever came first: an older one sent again changes nothing.
    """
    with transaction.atomic():
        # Two at once wait for each other here; a row that does not exist yet cannot be locked.
        Platform.objects.select_for_update(no_key=True).get(id=platform.id)
        creditor = Creditor.objects.filter(platform=platform, company_id=activation.company_id).first()
        if creditor is None:
            return Creditor.objects.create(
                platform=platform, company_id=activation.company_id, activated_at=at, **_facts(activation, sha256)
            ), True
        if creditor.activation_sha256 != sha256 and _is_newer(activation, creditor):
            facts = _facts(activation, sha256) | {"activated_at": at}
            for name, value in facts.items():
                setattr(creditor, name, value)
            # What has been agreed beside the activation may have changed since it was read.
            creditor.save(update_fields=list(facts))
        return creditor, False


def _is_newer(activation: Activation, creditor: Creditor) -> bool:
    told: Any = activation.model_dump(mode="json")
    return _told_at(told) >= _told_at(creditor.activation)


def _told_at(activation: dict[str, Any]) -> str:
    # All are UTC in one spelling, so they compare as text.
    return max(str(activation["accepted_at"]), str(activation.get("told_at") or ""))


def _facts(activation: Activation, sha256: str) -> dict[str, Any]:
    return {
        "name": activation.name,
        "organisation_number": activation.organisation_number,
        "contact_name": activation.contact_name,
        "contact_email": activation.contact_email,
        "contact_telephone": activation.contact_telephone,
        "account_kind": activation.account.kind,
        "account_number": activation.account.number,
        "terms_version": activation.terms_version,
        "activation": activation.model_dump(mode="json"),
        "activation_sha256": sha256,
    }
