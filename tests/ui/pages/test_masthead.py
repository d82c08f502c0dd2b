"""The head of every page: where one can go, where one is, and for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.urls import NoReverseMatch, path, resolve

from punktlig.tenancy.models import User

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse


def _page(request: HttpRequest, tenant: UUID) -> HttpResponse:
    raise NotImplementedError


urlpatterns = [
    path("", _page, name="home"),
    path("c/<uuid:tenant>/", _page, name="overview"),
    path("c/<uuid:tenant>/invoices/", _page, name="invoices"),
    path("c/<uuid:tenant>/invoices/<uuid:invoice>", _page, name="invoice"),
    path("c/<uuid:tenant>/reminders/", _page, name="reminder"),
    path("desk", _page, name="desk"),
    path("desk/letters", _page, name="desk-letters"),
]
TENANT = uuid4()
MENU = '{% nav_links "overview" "Översikt" "invoices" "Kundfakturor" %}'


def drawn(template: str, address: str, *, tenant: UUID | None = TENANT) -> str:
    request: Any = RequestFactory().get(address)
    request.tenant = tenant
    request.resolver_match = resolve(address)
    return Template(template).render(Context({"request": request}))


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "current"),
    [
        (f"/c/{TENANT}/", f'<a href="/c/{TENANT}/" aria-current="page">Översikt</a>'),
        (f"/c/{TENANT}/invoices/", f'<a href="/c/{TENANT}/invoices/" aria-current="page">Kundfakturor</a>'),
        (f"/c/{TENANT}/invoices/{uuid4()}", f'<a href="/c/{TENANT}/invoices/" aria-current="true">Kundfakturor</a>'),
    ],
)
def test_the_dot_is_at_the_place_that_the_page_lies_under(address: str, current: str) -> None:
    menu = drawn(MENU, address)
    assert current in menu
    assert menu.count("aria-current") == 1


@pytest.mark.urls(__name__)
def test_a_page_with_an_address_of_its_own_lies_under_the_place_that_names_it() -> None:
    menu = '{% nav_links "overview" "Översikt" "invoices reminder" "Kundfakturor" %}'
    here = f'<a href="/c/{TENANT}/invoices/" aria-current="true">Kundfakturor</a>'
    assert here in drawn(menu, f"/c/{TENANT}/reminders/")
    assert "aria-current" not in drawn(MENU, f"/c/{TENANT}/reminders/")


@pytest.mark.urls(__name__)
def test_the_longest_address_wins() -> None:
    menu = drawn('{% nav_links "desk" "Att göra" "desk-letters" "Brev" %}', "/desk/letters", tenant=None)
    assert menu == '<li><a href="/desk">Att göra</a></li><li><a href="/desk/letters" aria-current="page">Brev</a></li>'


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("tenant", [TENANT, None])
def test_a_place_that_the_site_does_not_have_is_a_fault(tenant: UUID | None) -> None:
    with pytest.raises(NoReverseMatch):
        drawn('{% nav_links "desk" "Att göra" "nowhere" "Ingenstans" %}', "/desk", tenant=tenant)


@pytest.mark.urls(__name__)
def test_a_tenants_page_is_none_where_there_is_no_tenant() -> None:
    with pytest.raises(NoReverseMatch):
        drawn(MENU, "/", tenant=None)


@pytest.mark.urls(__name__)
def test_the_wordmark_leads_to_the_tenants_first_page() -> None:
    assert drawn("{% home_url %}", "/", tenant=TENANT) == f"/c/{TENANT}/"
    assert drawn("{% home_url %}", "/", tenant=None) == "/"


def who(user: User | AnonymousUser, tenant: UUID | None) -> str:
    request: Any = RequestFactory().get("/here")
    request.user, request.tenant = user, tenant
    template = Template('{% include "ui/parts/who.html" with role_word="ägare" %}')
    return template.render(RequestContext(request))


def a_tenant(name: str) -> Any:
    tenants: Any = apps.get_model(settings.PUNKTLIG_TENANT_MODEL)
    if settings.SITE == "receivables":
        return tenants.objects.create(name=name, organisation_number="559944-3172")
    platforms: Any = apps.get_model("agency.Platform")
    platform, _made = platforms.objects.get_or_create(name="Punktlig")
    return tenants.objects.create(
        platform=platform,
        company_id=uuid4(),
        name=name,
        activation={},
        activated_at="2026-11-23T08:00:00Z",
    )


@pytest.mark.django_db
def test_the_head_says_who_is_logged_in_and_for_which_company() -> None:
    maja = User.objects.create_user("maja@lillsjon.example", name="Maja Lind")
    members: Any = apps.get_model(settings.PUNKTLIG_MEMBER_MODEL)
    ours, other, unknown = (a_tenant(name) for name in ("Lillsjöns Snickeri AB", "Andra Bolaget AB", "Främmande AB"))
    field = "company" if settings.SITE == "receivables" else "creditor"
    role = "owner" if settings.SITE == "receivables" else "creditor_admin"
    for tenant in (ours, other):
        members.objects.create(user=maja, role=role, **{field: tenant})
    head = who(maja, ours.id)
    assert "<strong>Lillsjöns Snickeri AB</strong> Maja Lind, ägare" in head
    assert f'<a href="/c/{other.id}/">Byt till Andra Bolaget AB</a>' in head
    assert unknown.name not in head
    assert "Byt till Lillsjöns" not in head


@pytest.mark.django_db
def test_the_head_names_whose_page_it_is_to_somebody_who_is_no_member_there() -> None:
    handler = User.objects.create_user("sam@ekviken.example", name="Sam Holm")
    looked_at, unknown = a_tenant("Lillsjöns Snickeri AB"), a_tenant("Främmande AB")
    head = who(handler, looked_at.id)
    assert "<strong>Lillsjöns Snickeri AB</strong> Sam Holm" in head
    assert "Byt till" not in head
    assert unknown.name not in head


def test_before_the_log_in_there_is_only_the_choice_of_language() -> None:
    head = who(AnonymousUser(), None)
    assert 'name="language" value="en"' in head
    assert "Logga ut" not in head
