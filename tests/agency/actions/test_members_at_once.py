"""Two who add the same person in the same moment: one account, and never a place on both sides."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from punktlig.agency.actions.members import PersonIsElsewhere, add_agency_member, add_creditor_member
from punktlig.agency.records.creditor import Member
from punktlig.tenancy.models import User
from tests.agency.actions.test_rates_at_once import at_once
from tests.agency.samples import make_creditor

if TYPE_CHECKING:
    from uuid import UUID

pytestmark = pytest.mark.django_db(transaction=True)


def to_creditor(creditor_id: UUID, email: str) -> Member:
    return add_creditor_member(creditor_id, email, "Siv Norberg", None, role="creditor_reader")


def test_a_double_click_makes_one_account() -> None:
    creditor = make_creditor()
    for number in range(5):
        email = f"siv{number}@lillsjons.example"
        click = partial(to_creditor, creditor.id, email)
        assert at_once(click, click) == ["done", "done"]
        assert User.objects.filter(email=email).count() == Member.objects.filter(user__email=email).count() == 1


def test_nobody_gets_a_place_at_the_agency_and_with_a_creditor_at_once() -> None:
    creditor = make_creditor()
    for number in range(5):
        email = f"siv{number}@lillsjons.example"
        User.objects.create_user(email, None, name="Siv Norberg")
        told = at_once(
            partial(to_creditor, creditor.id, email),
            partial(add_agency_member, email, "Siv Norberg", None, role="case_handler"),
        )
        assert told == ["done", PersonIsElsewhere.code]
        assert Member.objects.filter(user__email=email).count() == 1
