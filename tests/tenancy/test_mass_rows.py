"""Many rows added at once, and many ids asked for at once, behave as one row and one id do."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DataError
from django.db.models import Q

from punktlig.tenancy.mass_rows import insert_rows
from punktlig.tenancy.models import User

pytestmark = pytest.mark.django_db

MANY = 100
COLUMNS = ("id", "password", "last_login", "email", "name", "language", "is_active", "joined_at")
AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def user_rows(count: int, name: str = 'Åsa \t\\N "{}" Öhrn') -> list[tuple[object, ...]]:
    return [
        (uuid4(), "!", AT if number % 2 else None, f"person{number}@example.test", name, "sv", number % 3 == 0, AT)
        for number in range(count)
    ]


@pytest.mark.parametrize("count", [1, MANY])
def test_rows_are_stored_as_they_were_given_few_or_many(count: int) -> None:
    rows = user_rows(count)
    insert_rows(User, COLUMNS, rows)
    stored = User.objects.filter(id__in=[row[0] for row in rows]).values_list(*COLUMNS)
    assert sorted(stored) == sorted(rows)


def test_what_does_not_fit_a_column_is_refused_and_not_cut() -> None:
    with pytest.raises(DataError):
        insert_rows(User, COLUMNS, user_rows(MANY, name="x" * 201))


def test_two_lots_of_many_rows_go_in_one_transaction() -> None:
    for lot in range(2):
        insert_rows(User, COLUMNS, [(*row[:3], f"{lot}-{row[3]}", *row[4:]) for row in user_rows(MANY)])
    assert User.objects.filter(joined_at=AT).count() == 2 * MANY


def sql_of(condition: Q) -> str:
    return str(User.objects.filter(condition).query)


def test_many_ids_are_found_as_few_are() -> None:
    rows = user_rows(MANY)
    insert_rows(User, COLUMNS, rows)
    ids = [UUID(str(row[0])) for row in rows]
    assert set(User.objects.filter(id__in=[*ids, *ids, uuid4()]).values_list("id", flat=True)) == set(ids)
    assert User.objects.filter(joined_at=AT).exclude(id__in=ids[: MANY - 1]).get().id == ids[-1]
    assert not User.objects.filter(id__in=[]).exists()


def test_many_ids_are_one_array() -> None:
    ids = [UUID(int=number) for number in range(MANY)]
    assert "ANY" in sql_of(Q(id__in=ids))
    assert "ANY" not in sql_of(Q(id__in=ids[:3]))
    assert "ANY" not in sql_of(Q(id__in=User.objects.filter(name="Åsa").values("id")))
    assert "ANY" not in sql_of(Q(email__in=[f"{one}@example.test" for one in ids]))


def test_many_rows_of_a_foreign_key_are_one_array_too() -> None:
    members = apps.get_model(settings.PUNKTLIG_MEMBER_MODEL)._default_manager
    users = [User(id=UUID(int=number)) for number in range(MANY)]
    found = members.filter(user__in=users)
    assert "ANY" in str(found.query)
    assert not found.exists()
