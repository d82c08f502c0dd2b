"""Values: small classes that are compared by what they hold and never changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, dataclass_transform, overload

if TYPE_CHECKING:
    from collections.abc import Callable


@overload
def value[T](of: type[T], /) -> type[T]: ...
@overload
def value[T](*, kw_only: bool = False, slots: bool = True) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(frozen_default=True)
def value[T](of: type[T] | None = None, /, *, kw_only: bool = False, slots: bool = True) -> object:
    """Make a dataclass that the type checker holds to be frozen.

    Python itself does not guard it: guarding takes more time than all else that makes one, and a claim's facts are a
    dozen of them, judged four times on their way. Without `slots` it can have cached properties.
    """
    make = dataclass(unsafe_hash=True, kw_only=kw_only, slots=slots)
    return make if of is None else make(of)
