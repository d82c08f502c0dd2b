"""How people get in: by invitation. Nobody makes an account from the log-in page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter

if TYPE_CHECKING:
    from allauth.account.models import EmailAddress
    from django.http import HttpRequest


class InvitedOnly(DefaultAccountAdapter):
    """allauth's own behaviour, with sign-up closed: an owner or an administrator adds members."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the signature is allauth's
        """Say no."""
        return False

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """Keep the address that the account goes by; it would else go by another of them, confirmed or not."""
        return email_address.email.lower() != email_address.user.email.lower()
