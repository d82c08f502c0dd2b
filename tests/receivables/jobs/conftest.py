"""What the tests of jobs share: the clock that they read, and an agency that answers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from punktlig.tenancy.context import acting_for
from tests.receivables.fake_agency import FakeAgency
from tests.receivables.sending_samples import NOW, TODAY, make_activation, make_company, make_user

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import Settings

    from punktlig.receivables.records.models import Company
    from punktlig.tenancy.models import User


class Clock:
    """The jobs' clock, which the test moves."""

    def __init__(self) -> None:
        self.at = NOW

    def pass_by(self, **time: float) -> None:
        self.at += timedelta(**time)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("punktlig.clock.now", lambda: clock.at)
    monkeypatch.setattr("punktlig.clock.today", lambda: TODAY)
    return clock


@pytest.fixture
def agency(settings: Settings) -> Iterator[FakeAgency]:
    with FakeAgency() as agency:
        settings.AGENCY_URL, settings.AGENCY_API_KEY = agency.url, agency.api_key
        yield agency


@pytest.fixture
def company(clock: Clock) -> Company:
    assert clock.at == NOW
    return make_company()


@pytest.fixture
def user(company: Company) -> User:
    user = make_user(company)
    with acting_for(company.id):
        make_activation(company, user)
    return user
