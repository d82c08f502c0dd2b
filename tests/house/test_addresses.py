"""An address names a thing, also where something is done: a claim has a closure, it is not posted to `close`."""

from __future__ import annotations

import ast
import re

import pytest

from tests.house.repository import PACKAGE, shown, tree_of

_URLS = sorted(path for site in ("agency", "receivables", "ui") for path in (PACKAGE / site).rglob("*urls.py"))
_DONE = {
    "accept", "activate", "add", "book", "cancel", "change", "choose", "close", "confirm", "continue", "create",
    "delete", "deliver", "download", "fetch", "get", "hand", "import", "issue", "make", "mend", "mark", "notify",
    "pay", "post", "print", "read", "register", "remove", "resend", "revoke", "save", "send", "set", "show", "stop",
    "submit", "try", "update", "upload", "view", "withdraw",
}  # fmt: skip


def verbs_in(address: str) -> list[str]:
    """Return the words of an address that say what is done; `new` and `edit` name a form."""
    words = re.findall(r"[a-z]+", re.sub(r"<[^>]*>", "", address))
    return [word for word in words if word in _DONE]


def _addresses() -> dict[str, str]:
    return {
        f"{shown(module)}:{node.lineno}": str(node.args[0].value)
        for module in _URLS
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("path", "re_path")
        and isinstance(node.args[0], ast.Constant)
    }


def test_every_address_names_a_thing() -> None:
    addresses = _addresses()
    assert len(addresses) > 30
    assert {where: address for where, address in addresses.items() if verbs_in(address)} == {}


@pytest.mark.parametrize("address", ["<uuid:claim>/close", "invoices/<uuid:invoice>/send/", "customers/add-address"])
def test_a_verb_would_be_found(address: str) -> None:
    assert verbs_in(address)


@pytest.mark.parametrize("address", ["<uuid:claim>/closure", "invoices/new", "<uuid:close>/edit", "preview.pdf"])
def test_a_thing_is_left_alone(address: str) -> None:
    assert verbs_in(address) == []
