"""What the agency is told of a company that has activated reminder handling: its facts and what it answered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal, cast

from punktlig.exchange import messages
from punktlig.receivables.records.activation import ActivationState
from punktlig.receivables.records.sending_facts import live_activation

if TYPE_CHECKING:
    from datetime import datetime

    from punktlig.receivables.records.activation import Activation
    from punktlig.receivables.records.company import Company


def message_of(activation: Activation, company: Company, *, told_at: datetime | None = None) -> messages.Activation:
    """Return the message of an activation, which need not be stored yet, with the company's facts as they are now.

    `told_at` is when the facts were changed, if that was after the acceptance.
    """
    return messages.Activation(
        company_id=company.id,
        name=company.name,
        organisation_number=company.organisation_number,
        address=messages.Address(
            lines=tuple(line.strip() for line in company.street.splitlines() if line.strip()),
            postcode=company.postcode,
            town=company.town,
        ),
        contact_name=activation.contact_name,
        contact_email=activation.contact_email,
        contact_telephone=activation.contact_telephone,
        account=messages.Account(
            kind=cast("Literal['bankgiro', 'plusgiro', 'iban']", activation.account_kind),
            number=activation.account_number,
        ),
        terms_version=activation.terms_id,
        accepted_by=activation.accepted_by.get_full_name() or activation.accepted_by.email,
        accepted_at=activation.accepted_at,
        told_at=told_at,
    )


def tell_changed_facts(company: Company, before: Company, *, at: datetime) -> bool:
    """Let the live activation be sent again when what it carries has changed; return whether it is.

    Money is paid out to the account in the company's settings when it was one of those before, and the contact's
    e-mail and telephone follow in the same way. The caller holds the company's row.
    """
    activation = live_activation(company.id)
    if activation is None:
        return False
    activation = type(activation).objects.select_for_update(of=("self",)).get(company=company, id=activation.id)
    _follow(activation, company, before)
    if _facts(messages.body_of(message_of(activation, company)).body) == _facts(bytes(activation.body)):
        return False
    sent = messages.body_of(message_of(activation, company, told_at=at))
    activation.body, activation.sha256 = sent.body, sent.sha256
    activation.attempts, activation.unheard, activation.first_tried_at, activation.last_problem = 0, 0, None, ""
    activation.next_try_at = at
    # Until the first answer it is told with the activation itself. A lease stays: what a worker has in hand is answered
    # first, and does not count as these facts' answer.
    if activation.state == ActivationState.ACTIVE:
        activation.facts_changed_at = at
    activation.save()
    return True


def _follow(activation: Activation, company: Company, before: Company) -> None:
    kind = activation.account_kind
    told, now = getattr(before, kind), getattr(company, kind)
    if now and _plain(activation.account_number) == _plain(told):
        activation.account_number = now
    for name in ("email", "telephone"):
        told, now = getattr(before, name), getattr(company, name)
        if now and told and getattr(activation, f"contact_{name}") == told:
            setattr(activation, f"contact_{name}", now)


def _plain(number: str) -> str:
    return "".join(sign for sign in number if sign.isalnum()).upper()


def _facts(body: bytes) -> dict[str, Any]:
    """Return what a body tells, but for when it was told. Accounts are compared as they are paid to."""
    told: dict[str, Any] = json.loads(body)
    told.pop("told_at", None)
    if "account" in told:
        told["account"] = {**told["account"], "number": _plain(told["account"]["number"])}
    return told
