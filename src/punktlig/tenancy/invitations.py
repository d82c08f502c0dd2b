"""The e-mail to somebody who was given a role: where to log in, and for a new account a link to choose a password."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

if TYPE_CHECKING:
    from punktlig.tenancy.models import User

_log = logging.getLogger(__name__)


def send_invitation(user: User, *, place: str, inviter: str) -> None:
    """Tell the person by e-mail that `inviter` has added them to `place`, once the transaction has been committed.

    A mail server that is away undoes nothing: the person has the role, and gets another link by "forgotten password".
    It is sent by the page as that link is, since it holds a secret that is not to be kept in a row.
    """
    transaction.on_commit(lambda: _send(user, place, inviter))


def password_url(user: User) -> str:
    """Return the address where the person chooses a password: once, and for as long as such links live."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return settings.PUNKTLIG_URL + reverse("account_reset_password_from_key", kwargs=key)


def _send(user: User, place: str, inviter: str) -> None:
    is_new = not user.has_usable_password()
    context = {
        "name": user.name,
        "place": place,
        "inviter": inviter,
        "is_new": is_new,
        "url": password_url(user) if is_new else settings.PUNKTLIG_URL + reverse("account_login"),
        "current_site": {"domain": urlsplit(settings.PUNKTLIG_URL).netloc},
    }
    try:
        with override(user.language):
            subject = render_to_string("account/email/invitation_subject.txt", context)
            text = render_to_string("account/email/invitation_message.txt", context)
            send_mail(" ".join(subject.split()), text, settings.DEFAULT_FROM_EMAIL, [user.email])
    except OSError:  # of the network; smtplib's own are OSError too
        _log.exception("an invitation could not be sent")
