"""allauth's forms of accounts where ours are stricter."""

from __future__ import annotations

from allauth.account.forms import ResetPasswordForm

from punktlig.tenancy.account_at import account_at


class NewPasswordForm(ResetPasswordForm):
    """An address whose reader has forgotten the password."""

    def clean_email(self) -> str:
        """Write to the one account that the address leads to."""
        email: str = super().clean_email()
        account = account_at(email)
        self.users = [account] if account is not None and account.is_active else []
        return email
