"""A creditor's people and its agreement: seen by all who see the creditor.

Its own administrators and the agency's say who its people are; how letters go is the agency's to change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from stdnum import iban

from punktlig.agency.actions.agreement import send_letters_by_email
from punktlig.agency.actions.members import add_creditor_member, change_role, remove_member
from punktlig.agency.records.creditor import Creditor, Member, Role
from punktlig.agency.records.member_words import role_choices, role_name, welcome
from punktlig.core.refusal import Refusal
from punktlig.formats.giro import NotAGiroNumber, format_bankgiro, format_plusgiro
from punktlig.tenancy.invitations import send_invitation
from punktlig.ui import writing
from punktlig.ui.parts import Fact
from punktlig.ui.people_forms import PersonForm, RoleForm
from punktlig.ui.refusals import explain_refusal

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from punktlig.tenancy.http import TenantRequest

_ROLES = (Role.CREDITOR_READER, Role.CREDITOR_ADMIN)
_MAY_CHANGE = (Role.CREDITOR_ADMIN, Role.AGENCY_ADMIN)


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Show the people and the agreement; on POST add a person."""
    creditor = get_object_or_404(Creditor, id=tenant)
    members = Member.objects.filter(creditor=creditor).select_related("user").order_by("user__name", "user__email")
    form = PersonForm(
        request.POST or None,
        roles=role_choices(*_ROLES),
        here=[member.user.email for member in members],
        initial={"role": Role.CREDITOR_READER.value},
    )
    if request.method == "POST":
        _require_may_change(request)
        if form.is_valid():
            told = form.cleaned_data
            try:
                added = add_creditor_member(tenant, told["email"], told["name"], None, role=told["role"])
            except Refusal as refusal:
                _refuse_in(form, refusal)
            else:
                send_invitation(added.user, place=creditor.name, inviter=request.user.name)
                messages.success(request, welcome(added.user))
                return redirect("people", tenant=tenant)
    context = {
        "creditor": creditor,
        "facts": _agreement(creditor),
        "members": [(member, role_name(member.role)) for member in members],
        "form": form,
        "may_change": request.role in _MAY_CHANGE,
        "may_choose_way": request.role == Role.AGENCY_ADMIN and settings.EMAIL_GATEWAY != "none",
    }
    return TemplateResponse(request, "agency/people.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: TenantRequest, tenant: UUID, member: UUID) -> HttpResponse:
    """Show a person of the creditor's, and change the role."""
    _require_may_change(request)
    found = get_object_or_404(Member.objects.select_related("user"), creditor_id=tenant, id=member)
    form = RoleForm(request.POST or None, roles=role_choices(*_ROLES), initial={"role": found.role})
    if request.method == "POST" and form.is_valid():
        change_role(found.id, form.cleaned_data["role"], creditor_id=tenant)
        words = {"name": found.user.name, "role": role_name(form.cleaned_data["role"])}
        messages.success(request, _("%(name)s har nu rollen %(role)s.") % words)
        return redirect("people", tenant=tenant)
    context = {"member": found, "form": form, "is_oneself": found.user_id == request.user.id}
    return TemplateResponse(request, "agency/person.html", context, status=422 if form.is_bound else 200)


@require_POST
def removal(request: TenantRequest, tenant: UUID, member: UUID) -> HttpResponse:
    """Take a person's role for the creditor away."""
    _require_may_change(request)
    found = get_object_or_404(Member.objects.select_related("user"), creditor_id=tenant, id=member)
    remove_member(found.id, creditor_id=tenant)
    messages.success(request, _("%s är inte längre med.") % found.user.name)
    return redirect("home") if found.user_id == request.user.id else redirect("people", tenant=tenant)


@require_POST
def letter_way(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Let the creditor's letters go by e-mail where the debtor has an address, or all on paper."""
    if request.role != Role.AGENCY_ADMIN:
        raise PermissionDenied
    by_email = request.POST.get("way") == "email"
    send_letters_by_email(tenant, by_email=by_email)
    said = (
        _("Nya brev går med e-post till kunder som har en adress.") if by_email else _("Alla nya brev går på papper.")
    )
    messages.success(request, said)
    return redirect("people", tenant=tenant)


def _require_may_change(request: TenantRequest) -> None:
    if request.role not in _MAY_CHANGE:
        raise PermissionDenied


def _refuse_in(form: PersonForm, refusal: Refusal) -> None:
    text = explain_refusal(refusal, writing.here().language)
    form.add_error("email", f"{text.what} {text.todo}")


def _account(kind: str, number: str) -> str:
    name = {"bankgiro": "Bankgiro", "plusgiro": "Plusgiro", "iban": "IBAN"}.get(kind, kind)
    write = {"bankgiro": format_bankgiro, "plusgiro": format_plusgiro}.get(kind, iban.format)
    try:
        return f"{name} {write(number)}"
    except NotAGiroNumber:
        return f"{name} {number}"


def _agreement(creditor: Creditor) -> list[Fact]:
    told = creditor.activation
    address = told.get("address") or {}
    accepted = parse_datetime(str(told.get("accepted_at", "")))
    lines = (*address.get("lines", ()), f"{address.get('postcode', '')} {address.get('town', '')}".strip())
    by_email = creditor.sends_by_email and settings.EMAIL_GATEWAY != "none"
    return [
        Fact(_("Företag"), (creditor.name, writing.identity(creditor.organisation_number))),
        Fact(_("Adress"), tuple(line for line in lines if line)),
        Fact(
            _("Kontakt"),
            tuple(filter(None, (creditor.contact_name, creditor.contact_email, creditor.contact_telephone))),
        ),
        Fact(_("Utbetalning till"), (_account(creditor.account_kind, creditor.account_number),)),
        Fact(
            _("Villkor"),
            (
                _("Version %s") % creditor.terms_version,
                _("Godkända %(day)s av %(who)s")
                % {"day": writing.day(accepted) if accepted else "", "who": told.get("accepted_by", "")},
            ),
        ),
        Fact(_("Faktureringsprogram"), (creditor.platform.name,)),
        Fact(_("Brev"), (_("Med e-post där kunden har en adress") if by_email else _("På papper"),)),
    ]
