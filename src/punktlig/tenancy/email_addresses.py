"""The page of a person's e-mail addresses: the account goes by one only when its link has been opened.

A company that adds somebody gives the role to whatever account goes by the address. Whoever could let an account go by
an address that is not theirs would wait there for the role of the one who reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from allauth.account.models import EmailAddress
from allauth.account.views import EmailView
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

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
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show which address the account goes by: also before allauth has been told that it is the first of them."""
        allauths: Any = super()
        shown: dict[str, Any] = allauths.get_context_data(**kwargs)
        user = cast("User", self.request.user)
        for radio in shown["emailaddress_radios"]:
            address = radio["emailaddress"]
            radio["checked"] = address.primary = address.email.lower() == user.email.lower()
        return shown
