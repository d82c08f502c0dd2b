"""The page of a person's e-mail addresses: the account goes by one only when its link has been opened.

A company that adds somebody gives the role to whatever account goes by the address. Whoever could let an account go by
an address that is not theirs would wait there for the role of the one who reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.views import ConfirmEmailView, EmailView
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from punktlig.tenancy.account_at import another_goes_by, goes_by

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from punktlig.tenancy.models import User


class EmailAddresses(EmailView):
    """allauth's page, which lets an account without a confirmed address go by any."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do what the form asks, but let the account go by a confirmed address alone."""
        if "action_primary" in request.POST:
            user, told = cast("User", request.user), request.POST.get("email", "").lower()
            if not EmailAddress.objects.filter(user=user, email=told, verified=True).exists():
                messages.error(
                    request,
                    _("Adressen används inte förrän den är bekräftad. Öppna länken i meddelandet som gick dit."),
                )
                return HttpResponseRedirect(self.success_url)
            if another_goes_by(user, told):
                messages.error(request, _("Ett annat konto används med den adressen."))
                return HttpResponseRedirect(self.success_url)
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show which address the account goes by: also before allauth has been told that it is the first of them."""
        allauths: Any = super()
        shown: dict[str, Any] = allauths.get_context_data(**kwargs)
        user = cast("User", self.request.user)
        for radio in shown["emailaddress_radios"]:
            address = radio["emailaddress"]
            radio["checked"] = address.primary = goes_by(user, address.email)
        return shown


class ConfirmAddress(ConfirmEmailView):
    """The page that a link in a message leads to; open to the account that asked for the message alone.

    allauth lets anybody confirm, and whoever presses the button because it came from us would lend their address to
    somebody else's account.
    """

    # Without allauth's mark that nobody need be logged in: who is not, logs in first and comes back here.
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the page, or say whose link it is not."""
        asked = EmailConfirmationHMAC.from_key(kwargs["key"])
        if asked is not None and asked.email_address.user_id != request.user.pk:
            messages.error(
                request,
                _(
                    "Länken hör till ett annat konto. Bad du om den, logga in på det kontot och öppna länken igen. "
                    "Annars behöver du inte göra något."
                ),
            )
            return HttpResponseRedirect(reverse("account_email"))
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Let the one who goes by the address confirm it, also when somebody else has done so at theirs."""
        allauths: Any = super()
        shown: dict[str, Any] = allauths.get_context_data(**kwargs)
        if shown["confirmation"]:
            user = cast("User", self.request.user)
            shown["can_confirm"] = not another_goes_by(user, shown["email"]) and (
                shown["can_confirm"] or goes_by(user, shown["email"])
            )
        return shown
