"""Finding claims by how something begins: stored lower-case columns, compared as ranges.

Under row-level security the index of an expression, LIKE or full text is not used; a comparison of a stored column is.
"""

from __future__ import annotations

from django.db.models import Case, F, GeneratedField, Q, TextField, Value, When
from django.db.models.functions import Lower

# Greater than every letter: what begins with a key lies between the key and the key with this after it.
_AFTER_ALL = "\U0010ffff"


def search_key(field: str) -> GeneratedField:
    """Return a stored column with the field in lower case."""
    return GeneratedField(expression=Lower(F(field)), output_field=TextField(), db_persist=True)


def open_search_key(field: str, hidden_when: str) -> GeneratedField:
    """Return a stored column with the field in lower case, empty where the flag `hidden_when` is set.

    A person whose identity is protected is not found by name.
    """
    return GeneratedField(
        expression=Case(When(**{hidden_when: True}, then=Value("")), default=Lower(F(field))),
        output_field=TextField(),
        db_persist=True,
    )


def key_of(text: str) -> str:
    """Return the text as a search column holds it. NUL, which the database cannot hold, is left out."""
    return " ".join(text.replace("\x00", "").split()).lower()


def begins_with(column: str, key: str) -> Q:
    """Return the condition that a column begins with the key, as the range that its index serves."""
    return Q(**{f"{column}__gte": key, f"{column}__lt": f"{key}{_AFTER_ALL}"})
