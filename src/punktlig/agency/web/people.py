"""The agency's own people: adding one, and the page of one where the role is changed or taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from punktlig.agency.actions.members import add_agency_member, change_role, remove_member
from punktlig.agency.records.creditor import Member, Role
from punktlig.agency.records.member_words import role_choices, role_name, welcome
from punktlig.agency.web.desk_page import DeskRequest, for_administrators
from punktlig.core.refusal import Refusal
from punktlig.tenancy.invitations import send_invitation
from punktlig.ui import writing
from punktlig.ui.people_forms import PersonForm, RoleForm
from punktlig.ui.refusals import explain_refusal

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

_ROLES = (Role.CASE_HANDLER, Role.AGENCY_ADMIN)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def people(request: DeskRequest) -> HttpResponse:
    """Show the agency's people; on POST add one."""
    members = Member.objects.filter(creditor__isnull=True).select_related("user").order_by("user__name", "user__email")
    form = PersonForm(
        request.POST or None,
        roles=role_choices(*_ROLES),
        here=[member.user.email for member in members],
        initial={"role": Role.CASE_HANDLER.value},
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            added = add_agency_member(told["email"], told["name"], None, role=told["role"])
        except Refusal as refusal:
            form.add_error("email", _explained(refusal))
        else:
            send_invitation(added.user, place=settings.SITE_NAME, inviter=request.user.name)
            messages.success(request, welcome(added.user))
            return redirect("desk-people")
    context = {"form": form, "members": [(member, role_name(member.role)) for member in members]}
    return TemplateResponse(request, "agency/desk/people.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def person(request: DeskRequest, member: UUID) -> HttpResponse:
    """Show a person of the agency's, and change the role."""
    found = _member(member)
    form = RoleForm(request.POST or None, roles=role_choices(*_ROLES), initial={"role": found.role})
    if request.method == "POST" and form.is_valid():
        try:
            change_role(found.id, form.cleaned_data["role"], creditor_id=None)
        except Refusal as refusal:
            form.add_error(None, _explained(refusal))
        else:
            words = {"name": found.user.name, "role": role_name(form.cleaned_data["role"])}
            messages.success(request, _("%(name)s har nu rollen %(role)s.") % words)
            return redirect("desk-people")
    context = {"member": found, "form": form, "is_oneself": found.user_id == request.user.id}
    return TemplateResponse(request, "agency/desk/person.html", context, status=422 if form.is_bound else 200)


@require_POST
@for_administrators
def removal(request: DeskRequest, member: UUID) -> HttpResponse:
    """Take a person's role at the agency away."""
    found = _member(member)
    try:
        remove_member(found.id, creditor_id=None)
    except Refusal as refusal:
        messages.error(request, _explained(refusal))
        return redirect("desk-person", member=found.id)
    messages.success(request, _("%s är inte längre med.") % found.user.name)
    return redirect("home") if found.user_id == request.user.id else redirect("desk-people")


def _member(member_id: UUID) -> Member:
    return get_object_or_404(Member.objects.select_related("user"), creditor__isnull=True, id=member_id)


def _explained(refusal: Refusal) -> str:
    text = explain_refusal(refusal, writing.here().language)
    return f"{text.what} {text.todo}"
