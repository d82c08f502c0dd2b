"""A link to the agency's pages leads to a web page, whatever the agency said."""

from __future__ import annotations

import pytest

from punktlig.receivables.records.models import Invoice
from punktlig.receivables.records.sending import fitting_address


@pytest.mark.parametrize(
    "told",
    [
        "https://agency.example/c/1/claims/2/",
        "http://localhost:8001/claims/10472809",
        "https://ärenden.example/claims/1?a=b&c=d#e",
        "https://xn--renden-bua.example:8443/claims/1",
        "https://[2001:db8::1]:8443/claims/1",
        "HTTPS://AGENCY.EXAMPLE",
    ],
)
def test_an_address_of_a_page_is_kept_as_it_is(told: str) -> None:
    assert fitting_address(Invoice, "claim_url", told) == told


def test_spaces_around_it_are_none_of_it() -> None:
    assert (
        fitting_address(Invoice, "claim_url", " https://agency.example/claims/1 ") == "https://agency.example/claims/1"
    )


@pytest.mark.parametrize(
    "told",
    [
        "",
        "/claims/1",
        "//agency.example/claims/1",
        "javascript:alert(document.cookie)",
        "JavaScript://agency.example/%0aalert(1)",
        "java\tscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "https://",
        "https://agency.example@elsewhere.example/",
        "https://agency.example\\@elsewhere.example/",
        "https://agency.example/ onmouseover=alert(1)",
        "https://agency.example/\u202egnp.exe",
        "https://agency.example/\n",
        "https://[::1/",
        "https://agency.example:port/",
        "https://agency.example:99999/",
        "https:agency.example/claims/1",
        "https://agency.example/" + "a" * 300,
    ],
)
def test_no_link_leads_anywhere_else(told: str) -> None:
    assert fitting_address(Invoice, "claim_url", told) == ""
