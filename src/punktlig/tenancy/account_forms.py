"""allauth's forms of accounts where ours are stricter."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm
from allauth.core import context, ratelimit
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm

from punktlig.tenancy.account_at import account_at


class NewPasswordForm(ResetPasswordForm):
    """An address whose reader has forgotten the password."""

    def clean_email(self) -> str:
        """Write to the one account that the address leads to."""
        email: str = super().clean_email()
        account = account_at(email)
        self.users = [account] if account is not None and account.is_active else []
        return email


class _FewGuesses(BaseAuthenticateForm):
    """Counts the wrong codes of one person: there are a million codes and three are right.

    allauth counts them by the limit of passwords, which is wide so that nobody keeps somebody else out. Here nobody
    can: whoever is asked for a code has given the password already.
    """

    def clean_code(self) -> str:
        person = str(self.user.pk)
        if not ratelimit.consume(context.request, action="second_step", key=person):
            raise get_adapter().validation_error("too_many_login_attempts")
        code: str = super().clean_code()
        ratelimit.clear(context.request, action="second_step", key=person)
        return code


class SecondStepForm(_FewGuesses, AuthenticateForm):
    """The code after the password."""


class SecondStepAgainForm(_FewGuesses, ReauthenticateForm):
    """The code before something that one is asked again for."""
