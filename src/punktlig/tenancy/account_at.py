"""Which account an e-mail address leads to, when somebody logs in, wants a new password or is given a role.

An account goes by one address, which is its own alone. Others may stand at it beside that: they lead to it when they
are confirmed and no account goes by them. allauth asks neither, so that an address led to the accounts of whoever had
written it at theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.backends import ModelBackend

from punktlig.tenancy.models import User

if TYPE_CHECKING:
    from django.http import HttpRequest


def account_at(address: str) -> User | None:
    """Return the account that the address leads to."""
    told = address.strip()
    confirmed = User.objects.filter(emailaddress__email=told.lower(), emailaddress__verified=True)
    return User.objects.filter(email__iexact=told).first() or confirmed.first()


def goes_by(user: User, address: str) -> bool:
    """Tell whether the address is the one that the account goes by."""
    return user.email.lower() == address.lower()


def another_goes_by(user: User, address: str) -> bool:
    """Tell whether the address is another account's."""
    return User.objects.filter(email__iexact=address).exclude(pk=user.pk).exists()


class LogInByAddress(ModelBackend):
    """A log-in by an address that leads to the account."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **credentials: Any
    ) -> User | None:
        """Return the account when the password is its."""
        told = str(credentials.get("email") or username or "")
        account = account_at(told)
        # Without an account Django takes as long as with one.
        found: Any = super().authenticate(request, username=account.email if account else told, password=password)
        return found if isinstance(found, User) else None
