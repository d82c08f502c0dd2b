"""The company's people: adding one, and the page of one where the role is changed or taken away. Owners only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from punktlig.core.refusal import Refusal
from punktlig.receivables.actions.members import add_member, change_role, remove_member
from punktlig.receivables.records.company import Company, Member
from punktlig.receivables.web.company import company_page
from punktlig.receivables.web.form_refusals import refuse_in
from punktlig.receivables.web.member_roles import role_choices, role_name
from punktlig.receivables.web.refusal_words import explained
from punktlig.receivables.web.roles import owner_required
from punktlig.tenancy.invitations import send_invitation
from punktlig.ui.people_forms import PersonForm, RoleForm

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from punktlig.tenancy.http import TenantRequest


@require_POST
@owner_required
def members(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Add a person."""
    ours = get_object_or_404(Company, id=tenant)
    form = PersonForm(request.POST, roles=role_choices(), here=_emails(tenant))
    if form.is_valid():
        told = form.cleaned_data
        try:
            added = add_member(tenant, told["email"], told["name"], role=told["role"])
        except Refusal as refusal:
            refuse_in(form, refusal, {})
        else:
            send_invitation(added.user, place=ours.name, inviter=request.user.name)
            messages.success(request, _welcome(added))
            return HttpResponseRedirect(reverse("company", args=[tenant]))
    return company_page(request, ours, form, status=422)


@require_http_methods(["GET", "POST"])
@owner_required
def member(request: TenantRequest, tenant: UUID, member: UUID) -> HttpResponse:
    """Show a person, and change the role."""
    found = _member(tenant, member)
    form = RoleForm(request.POST or None, roles=role_choices(), initial={"role": found.role})
    if request.method == "POST" and form.is_valid():
        try:
            change_role(tenant, found.id, form.cleaned_data["role"])
        except Refusal as refusal:
            refuse_in(form, refusal, {})
        else:
            words = {"name": found.user.name, "role": role_name(form.cleaned_data["role"])}
            messages.success(request, _("%(name)s har nu rollen %(role)s.") % words)
            return HttpResponseRedirect(reverse("company", args=[tenant]))
    shown = {"member": found, "form": form, "is_oneself": found.user_id == request.user.id}
    return render(request, "receivables/company/member.html", shown, status=422 if request.method == "POST" else 200)


@require_POST
@owner_required
def member_removal(request: TenantRequest, tenant: UUID, member: UUID) -> HttpResponse:
    """Take a person's role away."""
    found = _member(tenant, member)
    try:
        remove_member(tenant, found.id)
    except Refusal as refusal:
        (text,) = explained([refusal])
        messages.error(request, f"{text.what} {text.todo}")
        return HttpResponseRedirect(reverse("company-member", args=[tenant, found.id]))
    messages.success(request, _("%s är inte längre med.") % found.user.name)
    if found.user_id == request.user.id:
        return HttpResponseRedirect(reverse("home"))
    return HttpResponseRedirect(reverse("company", args=[tenant]))


def _member(tenant: UUID, member_id: UUID) -> Member:
    return get_object_or_404(Member.objects.select_related("user"), company_id=tenant, id=member_id)


def _emails(tenant: UUID) -> QuerySet[Member, str]:
    return Member.objects.filter(company_id=tenant).values_list("user__email", flat=True)


def _welcome(added: Member) -> str:
    # Said to everybody alike: whether somebody has an account elsewhere is no business of the company's.
    words = {"name": added.user.name, "role": role_name(added.role).lower(), "email": added.user.email}
    welcome = _("%(name)s är med (%(role)s). Ett meddelande med en länk är på väg till %(email)s.") % words
    if not settings.DEMO:
        return welcome
    return " ".join((welcome, _("I demon skickas ingen e-post: meddelandet läggs i demons mapp mail.")))
