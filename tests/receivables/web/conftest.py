"""Browsers of the receivables site's members: one for each role, and one of another company."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client

from punktlig import clock
from punktlig.formats.agency_file import INVENTED_AGENCY
from punktlig.receivables.records.models import Activation, Role
from punktlig.tenancy.context import acting_for
from tests.receivables.sending_samples import NOW, TODAY, make_activation, make_company, make_user

if TYPE_CHECKING:
    from punktlig.receivables.records.models import Company
    from punktlig.tenancy.models import User


@dataclass
class Browser:
    """A person at work in a company. `get` and `post` take what comes after `/c/<company>/`.

    The test client's answers have attributes that the type of an answer does not know.
    """

    client: Client
    company: Company
    user: User

    def url(self, path: str) -> str:
        return f"/c/{self.company.id}/{path}"

    def get(self, path: str, **options: Any) -> Any:
        return self.client.get(self.url(path), **options)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> Any:
        return self.client.post(self.url(path), data or {}, **options)

    def fragment(self, path: str) -> Any:
        """Return what htmx gets."""
        return self.client.get(self.url(path), headers={"hx-request": "true"})


def browser(company: Company, user: User) -> Browser:
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0], "x-forwarded-proto": "https"})
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return Browser(client, company, user)


@pytest.fixture
def the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the pages on the samples' day."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def company(db: None, the_day: None) -> Company:  # noqa: ARG001
    return make_company()


@pytest.fixture
def sales(company: Company) -> Browser:
    """Somebody who may send, in a company with reminder handling switched on."""
    user = make_user(company)
    with acting_for(company.id):
        make_activation(company, user, agency_name="Ekviken Ombud")
    return browser(company, user)


@pytest.fixture
def letterhead(sales: Browser) -> None:
    """The agency has told who it is, so that its letters can be drawn."""
    with acting_for(sales.company.id):
        Activation.objects.update(letterhead=asdict(INVENTED_AGENCY))


@pytest.fixture
def newcomer(company: Company) -> Browser:
    """Somebody who may send, in a company that has not switched it on."""
    return browser(company, make_user(company))


@pytest.fixture
def reader(company: Company) -> Browser:
    return browser(company, make_user(company, Role.READER))


@pytest.fixture
def stranger() -> Browser:
    other = make_company("Ankarets Krog HB")
    return browser(other, make_user(other))
