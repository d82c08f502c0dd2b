"""How accounts come to be: somebody adds a person by e-mail address. Nobody signs up by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.internal import ratelimit
from django.contrib import messages
from django.db import transaction

from punktlig.tenancy.account_at import another_goes_by, goes_by

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.http import HttpRequest


class InvitedOnly(DefaultAccountAdapter):
    """allauth's way with accounts, without signing up, and with one account to an address."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the signature is allauth's
        """Say no."""
        return False

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """Keep the address that the account goes by; it would else go by another of them, confirmed or not."""
        return not goes_by(email_address.user, email_address.email)

    @transaction.atomic
    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Note that the account's owner reads the address, unless another account goes by it; say whether it was."""
        user, address = email_address.user, email_address.email
        if another_goes_by(user, address):
            told = {"email": address}
            self.add_message(request, messages.ERROR, "account/messages/email_confirmation_failed.txt", told)
            return False
        if goes_by(user, address):
            # Somebody who could read it once may have confirmed it at theirs; the one who goes by it can read it now.
            EmailAddress.objects.filter(email=address).exclude(user=user).delete()
        elif not EmailAddress.objects.filter(user=user, primary=True).exists():
            # allauth lets the account go by the first that is confirmed, which nobody has asked for.
            EmailAddress.objects.update_or_create(user=user, email=user.email.lower(), defaults={"primary": True})
        confirmed: bool = super().confirm_email(request, email_address)
        return confirmed

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Return whose password it is. Failures are counted by where they come from, too.

        Not by `login_failed`: allauth forgets all that it counted there, also by where it came from, when anybody has
        given the code of their own second step or changed their own password.
        """
        guess = ratelimit.consume(request, app="allauth.account", action="log_in_from_one_place")
        if guess is None:
            raise self.validation_error("too_many_login_attempts")
        user = super().authenticate(request, **credentials)
        if user is not None:
            guess.rollback()
        return user
