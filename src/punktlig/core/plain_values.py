"""Dataclasses for the values that are made anew for every claim: held to be frozen by the type checker alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def plain_value[T](*, slots: bool = True, kw_only: bool = False) -> Callable[[type[T]], type[T]]:
    """Make a dataclass that is compared and hashed by its fields, none of which is ever set again.

    mypy refuses to set one, as of a frozen dataclass. Python itself does not guard them, since a guarded field takes
    five times as long to fill: a claim and its letter have hundreds, and guarding them was a sixth of deciding about
    the claim and writing the letter.
    """
    return dataclass(slots=slots, kw_only=kw_only, unsafe_hash=True)
