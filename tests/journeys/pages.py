"""A person at a site without a browser: log in, get pages, fill in their forms. For what happens between clicks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, cast

import httpx
from lxml import html

from punktlig.run.databases import Site
from tests.journeys.both_sites import PASSWORD, Person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import FormElement

    from tests.journeys.both_sites import BothSites

# The cookies of people who have logged in, so that each does so once.
type Cookies = dict[tuple[Site, Person], dict[str, str]]


@dataclass(frozen=True)
class Form:
    """A form of a page, filled in as the page gave it."""

    action: str
    fields: dict[str, str]


class Visitor:
    """A person with cookies of its own. What it asks for is a path; redirects are not followed."""

    def __init__(self, system: BothSites, site: Site) -> None:
        self._http = httpx.Client(base_url=system.url(site), timeout=30, trust_env=False)

    @classmethod
    def logged_in(cls, system: BothSites, site: Site, person: Person) -> Self:
        """Return the person after it has logged in through the form."""
        visitor = cls(system, site)
        form = visitor.form("/accounts/login/", containing="password")
        answer = visitor.send(form, login=person.email, password=PASSWORD)
        assert answer.status_code == httpx.codes.FOUND, f"{person.email} could not log in: {answer.text[:2000]}"
        return visitor

    @classmethod
    def again(cls, system: BothSites, site: Site, person: Person, cookies: Cookies) -> Self:
        """Return the person in the session it has, and log it in when it has none."""
        if (site, person) not in cookies:
            first = cls.logged_in(system, site, person)
            cookies[site, person] = first.cookies
            first.close()
        visitor = cls(system, site)
        for name, value in cookies[site, person].items():
            visitor._http.cookies.set(name, value, domain="localhost.local")
        return visitor

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies by name."""
        return {cookie.name: cookie.value or "" for cookie in self._http.cookies.jar}

    def close(self) -> None:
        """Leave; the session stays."""
        self._http.close()

    def get(self, path: str) -> httpx.Response:
        """Return the page."""
        return self._http.get(path)

    def form(self, path: str, *, containing: str) -> Form:
        """Return the first form of the page that has a field of this name."""
        page = self._http.get(path)
        assert page.status_code == httpx.codes.OK, f"{path} answered {page.status_code}"
        return form_in(page, containing=containing)

    def send(self, form: Form, **changed: str) -> httpx.Response:
        """Send the form, with these fields changed."""
        return self._http.post(form.action, data=form.fields | changed, headers={"Referer": str(self._http.base_url)})

    def preview(self, company_id: str, invoices: Sequence[str]) -> Form:
        """Look at what would be sent of the invoices, and return the form that confirms it."""
        query = httpx.QueryParams([("invoice", one) for one in invoices])
        return self.form(f"/c/{company_id}/reminders/new/?{query}", containing="shown")


def form_in(page: httpx.Response, *, containing: str) -> Form:
    """Return the first form of an answer that has a field of this name."""
    forms = cast("list[FormElement]", html.document_fromstring(page.text).xpath("//form"))
    for form in forms:
        if containing in form.fields:
            fields = {name: value for name, value in form.form_values() if isinstance(value, str)}
            return Form(form.action or page.request.url.raw_path.decode(), fields)
    raise AssertionError(f"no form with {containing} on {page.request.url}:\n{page.text[:3000]}")
