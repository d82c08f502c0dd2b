"""Trying every address of a site: what addresses there are, what each takes, and whether anything has changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from punktlig.tenancy.context import acting_for_everyone

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True)
class Address:
    """A pattern by its name, with the names of what it takes; `is_open` when it wants no log-in."""

    name: str
    route: str
    takes: frozenset[str]
    is_open: bool

    def filled(self, values: Mapping[str, object]) -> str:
        """Return the address with each of what it takes; KeyError for what nobody has thought of yet."""
        path = self.route
        for name in self.takes:
            before, _, rest = path.partition(f":{name}>")
            path = f"{before.rpartition('<')[0]}{values[name]}{rest}"
        return f"/{path}"


def addresses(*, beneath: str = "", leave_out: tuple[str, ...] = ()) -> list[Address]:
    """Return every address of the site whose path begins so, but for those that begin as one of `leave_out`."""
    return [
        each
        for each in _walked(get_resolver().url_patterns, "", frozenset())
        if each.route.startswith(beneath) and not each.route.startswith(leave_out)
    ]


def _walked(patterns: list[URLPattern | URLResolver], before: str, taken: frozenset[str]) -> Iterator[Address]:
    for each in patterns:
        route, takes = before + str(each.pattern), taken | frozenset(each.pattern.converters)
        if isinstance(each, URLResolver):
            yield from _walked(each.url_patterns, route, takes)
        else:
            yield Address(each.name or "", route, takes, getattr(each.callback, "login_required", True) is False)


def rows_as_they_are() -> dict[str, str]:
    """Return a hash of all rows of each of the site's tables, and of the people's."""
    found = {}
    models = [*apps.get_app_config(settings.SITE).get_models(), *apps.get_app_config("tenancy").get_models()]
    with acting_for_everyone(), connection.cursor() as cursor:
        for table in sorted(connection.ops.quote_name(model._meta.db_table) for model in models):
            cursor.execute(f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t")  # noqa: S608 - names of our own tables
            (found[table],) = cursor.fetchone()
    return found
