from __future__ import annotations

import pickle
from dataclasses import fields
from datetime import date
from importlib import import_module
from pkgutil import walk_packages
from typing import TYPE_CHECKING

import pytest

import punktlig.core
from punktlig.core.due import NotOverdueYet
from punktlig.core.refusal import Refusal, snake_case

if TYPE_CHECKING:
    from collections.abc import Iterator

for module in walk_packages(punktlig.core.__path__, "punktlig.core."):
    import_module(module.name)


def _below(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for refusal in kind.__subclasses__():
        yield refusal
        yield from _below(refusal)


REFUSALS = sorted((kind for kind in _below(Refusal) if kind.__module__.startswith("punktlig.core.")), key=str)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("NotOverdueYet", "not_overdue_yet"),
        ("DebtorIsAMinor", "debtor_is_a_minor"),
        ("DebtorIsAnEstate", "debtor_is_an_estate"),
        ("CurrencyIsNotSek", "currency_is_not_sek"),
    ],
)
def test_the_code_of_a_refusal_is_its_sentence_in_snake_case(name: str, code: str) -> None:
    assert snake_case(name) == code


def test_no_two_refusals_share_a_code() -> None:
    assert len({kind.code for kind in REFUSALS}) == len(REFUSALS) > 30


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.code)
def test_a_refusal_keeps_its_facts_on_the_way_from_a_worker_process(kind: type[Refusal]) -> None:
    told = {field.name: f"the {field.name}" for field in fields(kind)}
    refusal = kind(**told)
    again = pickle.loads(pickle.dumps(refusal))  # noqa: S301 - bytes made on the line itself
    assert type(again) is kind
    assert again.facts() == refusal.facts() == told


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.code)
def test_a_refusal_says_what_it_is(kind: type[Refusal]) -> None:
    assert kind.__doc__
    assert not kind.__doc__.startswith(f"{kind.__name__}(")


def test_a_refusal_tells_its_facts_in_its_text() -> None:
    refusal = NotOverdueYet(date(2026, 6, 19), date(2026, 6, 22), date(2026, 6, 23))
    assert str(refusal) == (
        "not_overdue_yet(due_date=2026-06-19, effective_due_date=2026-06-22, first_reminder_day=2026-06-23)"
    )
