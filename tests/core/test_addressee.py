from __future__ import annotations

from dataclasses import replace

import pytest

from punktlig.core.addressee import AddressIncomplete, CountryUnreadable, postal_lines
from punktlig.core.invoice import PostalAddress
from tests.core.invented import ADDRESS, BUYER


@pytest.mark.parametrize("written", ["123 45", "12345", "SE-123 45", "S-12345", "SE 123 45", "123\u00a045", " 123 45 "])
def test_a_swedish_postcode_is_written_three_and_two(written: str) -> None:
    buyer = replace(BUYER, address=replace(ADDRESS, postcode=written))
    assert postal_lines(buyer) == ("Granbackens Plåt AB", "Storgatan 1", "123 45 Ekviken")


@pytest.mark.parametrize(
    ("address", "missing"),
    [
        (PostalAddress(), ("street", "postcode", "town")),
        (replace(ADDRESS, lines=(" ",)), ("street",)),
        (replace(ADDRESS, postcode=""), ("postcode",)),
        (replace(ADDRESS, postcode="1234"), ("postcode",)),
        (replace(ADDRESS, town=""), ("town",)),
    ],
)
def test_what_is_missing_of_an_address_is_named(address: PostalAddress, missing: tuple[str, ...]) -> None:
    with pytest.raises(AddressIncomplete) as refused:
        postal_lines(replace(BUYER, address=address))
    assert refused.value.missing == missing


def test_a_letter_needs_a_name() -> None:
    with pytest.raises(AddressIncomplete) as refused:
        postal_lines(replace(BUYER, name=" "))
    assert refused.value.missing == ("name",)


def test_abroad_the_postcode_is_left_as_it_is_or_out() -> None:
    dublin = PostalAddress(lines=("12 Quay Street", "", "Floor 2"), postcode="D02 X285", town="Dublin", country="IE")
    assert postal_lines(replace(BUYER, address=dublin))[1:] == ("12 Quay Street", "Floor 2", "D02 X285 Dublin")
    assert postal_lines(replace(BUYER, address=replace(dublin, postcode="")))[-1] == "Dublin"


@pytest.mark.parametrize("country", ["Sverige", "se", "S3", "QQ", "EU", "ZZ"])
def test_a_country_is_the_code_of_one(country: str) -> None:
    with pytest.raises(CountryUnreadable) as refused:
        postal_lines(replace(BUYER, address=replace(ADDRESS, country=country)))
    assert refused.value.country == country
