"""For whom a connection acts: for a tenant while it says so, and for nobody afterwards."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DataError, connection, transaction

from punktlig.run.postgres import connect
from punktlig.tenancy.context import acting_for, acting_for_everyone

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db(transaction=True)

_RECORD = apps.get_model(settings.SITE, {"receivables": "Invoice", "agency": "Claim"}[settings.SITE])


def _read() -> None:
    _RECORD._default_manager.count()


def _tenant() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('punktlig.tenant', true), '')")
        (found,) = cursor.fetchone()
        return str(found)


def _row_of_somebody() -> None:
    """Add one: a table that is known to be empty may be read without a look at whose its rows are."""
    samples: Any
    if settings.SITE == "agency":
        people: Any = import_module("tests.agency.people")
        samples = import_module("tests.agency.samples")
        people.send(samples.make_creditor(), samples.TODAY)
        return
    samples = import_module("tests.receivables.sending_samples")
    company = samples.make_company()
    with acting_for(company.id):
        samples.make_invoice(company)


def _known_to_be_small() -> None:
    """Let PostgreSQL know how few rows there are, so that it reads them all and uses no index."""
    place = connection.settings_dict
    with connect(Path(place["HOST"]), database=place["NAME"]) as superuser:
        superuser.execute(f"ANALYZE {_RECORD._meta.db_table}")


@pytest.mark.parametrize("prepare", [lambda: None, _known_to_be_small], ids=["by index", "from end to end"])
def test_when_it_is_done_the_connection_acts_for_nobody_and_a_row_is_an_error(prepare: Callable[[], None]) -> None:
    _row_of_somebody()
    prepare()
    tenant = uuid4()
    with acting_for(tenant):
        _read()
        assert _tenant() == str(tenant)
    assert _tenant() == ""
    with pytest.raises(DataError, match="uuid"):
        _read()
    with acting_for_everyone():
        _read()
    with pytest.raises(DataError, match="uuid"):
        _read()


def test_who_acted_before_acts_again_when_another_is_done() -> None:
    outer, inner = uuid4(), uuid4()
    with acting_for(outer):
        with acting_for(inner):
            assert _tenant() == str(inner)
        assert _tenant() == str(outer)
        with acting_for_everyone():
            _read()
        assert _tenant() == str(outer)


def test_an_error_ends_it_too() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic(), acting_for(uuid4()):
        raise ZeroDivisionError
    assert _tenant() == ""
