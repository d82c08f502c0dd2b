"""A company for which the test acts, and somebody of its people. What pages and jobs need instead stands with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from punktlig.tenancy.context import acting_for
from tests.receivables.sending_samples import make_company, make_user

if TYPE_CHECKING:
    from collections.abc import Iterator

    from punktlig.receivables.records.models import Company
    from punktlig.tenancy.models import User


@pytest.fixture
def company() -> Iterator[Company]:
    company = make_company()
    with acting_for(company.id):
        yield company


@pytest.fixture
def user(company: Company) -> User:
    return make_user(company)
