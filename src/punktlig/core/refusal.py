"""A named no. Every refusal of the rules is a class of its own, carrying what a person needs to act on it."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import ClassVar


def snake_case(name: str) -> str:
    """Return `NotOverdueYet` as `not_overdue_yet`, and `DebtorIsAMinor` as `debtor_is_a_minor`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


@dataclass(eq=False)
class Refusal(Exception):
    """Something may not be done. `code` is the class name in snake_case: it goes to other programs and never changes.

    Subclasses are dataclasses; their fields are the facts of the case. The words for people are made at the edge.
    """

    code: ClassVar[str] = "refusal"

    def __init_subclass__(cls) -> None:
        cls.code = snake_case(cls.__name__)

    def facts(self) -> dict[str, object]:
        """Return the facts by name, in the order they were declared."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def __str__(self) -> str:
        return f"{self.code}({', '.join(f'{name}={value}' for name, value in self.facts().items())})"

    def __reduce__(self) -> tuple[type[Refusal], tuple[object, ...]]:
        # Exceptions are pickled by their args, which a dataclass leaves empty; letters are made in worker processes.
        return type(self), tuple(self.facts().values())
