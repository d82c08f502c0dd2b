"""Whether a password may be somebody's: the same rules on the pages and in the command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from punktlig.core.refusal import Refusal

if TYPE_CHECKING:
    from punktlig.tenancy.models import User


@dataclass(eq=False)
class PasswordIsWeak(Refusal):
    """A password is too short, too common or too like its owner; `reasons` are whole sentences without their points."""

    reasons: tuple[str, ...]


def refuse_weak_password(password: str, user: User) -> None:
    """Refuse a password that the site's validators do not pass for the user, who need not be stored yet.

    Raises:
        PasswordIsWeak.
    """
    try:
        validate_password(password, user)
    except ValidationError as problem:
        raise PasswordIsWeak(tuple(told.rstrip(".") for told in problem.messages)) from None
