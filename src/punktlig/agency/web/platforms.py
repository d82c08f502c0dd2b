"""Platforms and what they are let in with: keys and webhook secrets, each shown once, and the webhooks' deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from punktlig import clock
from punktlig.agency.actions.keys import (
    forget_old_webhook_secret,
    issue_api_key,
    make_platform,
    replace_webhook_secret,
    revoke_api_key,
    set_webhooks,
)
from punktlig.agency.records.event import WebhookDelivery
from punktlig.agency.records.platform import ApiKey, Platform
from punktlig.agency.web.desk_page import DeskRequest, for_administrators
from punktlig.ui.forms import PageForm

if TYPE_CHECKING:
    from uuid import UUID

_DELIVERIES = 50
# The secret goes to the browser alone and is taken back when it has been shown: it is kept nowhere at our side.
_COOKIE = "agency_shown_once"
_COOKIE_SECONDS = 120


class PlatformForm(PageForm):
    """A platform's name."""

    name = forms.CharField(
        label=gettext_lazy("Plattformens namn"),
        help_text=gettext_lazy("Det faktureringsprogram som ska anropa API:et."),
        max_length=200,
    )


class KeyForm(PageForm):
    """What a key is for."""

    name = forms.CharField(
        label=gettext_lazy("Vad nyckeln ska användas till"),
        help_text=gettext_lazy("Till exempel: produktion."),
        max_length=100,
        required=False,
    )


class WebhookForm(PageForm):
    """Where a platform wants its webhooks."""

    url = forms.CharField(
        label=gettext_lazy("Adress för webhooks"),
        help_text=gettext_lazy("Börjar med https. Lämna tomt för att inte skicka några."),
        max_length=500,
        required=False,
    )

    def clean_url(self) -> str:
        """Return the address. In the demo, plain http to this machine is taken too."""
        url = str(self.cleaned_data["url"]).strip()
        parts = urlsplit(url)
        local = settings.DEMO and parts.scheme == "http" and parts.hostname == "localhost"
        if url and not (parts.scheme == "https" and parts.hostname) and not local:
            raise ValidationError(_("Skriv hela adressen, och börja med https://."), code="invalid")
        return url


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def platforms(request: DeskRequest) -> HttpResponse:
    """Show the platforms; on POST make a new one."""
    form = PlatformForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = make_platform(form.cleaned_data["name"])
        messages.success(request, _("Plattformen är tillagd. Skapa en nyckel till den, så kan den anropa API:et."))
        return redirect("desk-platform", platform=made.id)
    known = Platform.objects.annotate(
        live_keys=Count("api_keys", filter=Q(api_keys__revoked_at__isnull=True), distinct=True),
        creditor_count=Count("creditors", distinct=True),
    )
    context = {"form": form, "platforms": known.order_by("name", "id")}
    return TemplateResponse(request, "agency/desk/platforms.html", context)


@require_safe
@for_administrators
def platform(request: DeskRequest, platform: UUID) -> HttpResponse:
    """Show the platform: keys, webhooks and their deliveries; a new secret once."""
    known = get_object_or_404(Platform, id=platform)
    return _platform_page(request, known, WebhookForm(initial={"url": known.webhook_url}))


def _platform_page(request: DeskRequest, platform: Platform, webhooks: WebhookForm) -> HttpResponse:
    shown, secret = _taken(request, platform)
    context = {
        "platform": platform,
        "keys": platform.api_keys.order_by("-created_at", "id"),
        "creditors": platform.creditors.order_by("name"),
        "key_form": KeyForm(),
        "webhook_form": webhooks,
        "deliveries": WebhookDelivery.objects.filter(platform=platform).order_by("-first_position")[:_DELIVERIES],
        "new_key": secret if shown == "key" else "",
        "new_secret": secret if shown == "webhook" else "",
    }
    response = TemplateResponse(request, "agency/desk/platform.html", context)
    if _COOKIE in request.COOKIES:
        response.delete_cookie(_COOKIE, path=_path(platform.id), samesite="Strict")
    return response


def _path(platform: UUID) -> str:
    return reverse("desk-platform", kwargs={"platform": platform})


def _show_once(platform: UUID, what: str, secret: str) -> HttpResponse:
    response = redirect(_path(platform))
    response.set_cookie(
        _COOKIE,
        f"{what}:{secret}",
        max_age=_COOKIE_SECONDS,
        path=_path(platform),
        httponly=True,
        samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def _taken(request: DeskRequest, platform: Platform) -> tuple[str, str]:
    """Return what is to be shown once and its secret, if it is this platform's."""
    what, _colon, secret = request.COOKIES.get(_COOKIE, "").partition(":")
    if what == "key" and platform.api_keys.filter(id=secret.partition(".")[0], revoked_at__isnull=True).exists():
        return what, secret
    if what == "webhook" and secret and secret == platform.webhook_secret:
        return what, secret
    return "", ""


@require_POST
@for_administrators
def keys(request: DeskRequest, platform: UUID) -> HttpResponse:
    """Make a key for the platform and show it once."""
    get_object_or_404(Platform, id=platform)
    form = KeyForm(request.POST)
    name = form.cleaned_data["name"] if form.is_valid() else ""
    return _show_once(platform, "key", issue_api_key(platform, name=name))


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def revocation(request: DeskRequest, platform: UUID, key: str) -> HttpResponse:
    """Say what revoking the key does; on POST revoke it."""
    known = get_object_or_404(ApiKey.objects.select_related("platform"), id=key, platform_id=platform)
    if request.method == "POST":
        revoke_api_key(known.id, at=clock.now())
        messages.success(request, _("Nyckeln är spärrad och öppnar inget mer."))
        return redirect("desk-platform", platform=platform)
    others = known.platform.api_keys.filter(revoked_at__isnull=True).exclude(id=known.id).count()
    return TemplateResponse(request, "agency/desk/revocation.html", {"key": known, "others": others})


@require_POST
@for_administrators
def webhooks(request: DeskRequest, platform: UUID) -> HttpResponse:
    """Send the platform's webhooks to another address, or nowhere. The secret is shown when it is made."""
    known = get_object_or_404(Platform, id=platform)
    form = WebhookForm(request.POST)
    if not form.is_valid():
        return _platform_page(request, known, form)
    is_new = not known.webhook_url and form.cleaned_data["url"] != ""
    secret = set_webhooks(platform, form.cleaned_data["url"], at=clock.now())
    messages.success(request, _("Adressen för webhooks är sparad."))
    return _show_once(platform, "webhook", secret) if is_new else redirect("desk-platform", platform=platform)


@require_POST
@for_administrators
def webhook_secret(request: DeskRequest, platform: UUID) -> HttpResponse:
    """Make a new secret and show it once (`new`), or stop signing with the old one (`forget`)."""
    known = get_object_or_404(Platform, id=platform)
    if not known.webhook_secret:
        raise Http404
    if request.POST.get("secret") == "forget":
        forget_old_webhook_secret(platform)
        messages.success(request, _("Den gamla hemligheten används inte längre."))
        return redirect("desk-platform", platform=platform)
    return _show_once(platform, "webhook", replace_webhook_secret(platform))
