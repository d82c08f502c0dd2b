"""Invented names, addresses and numbers for the demo, the same at every start.

Personal identity numbers have the birth numbers 238 and 239, which Skatteverket keeps for tests; organisation numbers
have valid check digits and are invented. Telephone numbers come from the range kept for fiction. E-mail addresses end
in `.example`, which leads nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from stdnum import luhn

if TYPE_CHECKING:
    from random import Random

_FIRST_NAMES = """
Anna Karin Eva Maria Kristina Lena Sara Emma Malin Jenny Hanna Linnea Elsa Astrid Ingrid Gunnel Birgitta Ulla Maja Moa
Erik Lars Anders Johan Per Nils Karl Mikael Jonas Fredrik Oskar Emil Axel Gustav Viktor Sven Bengt Göran Åke Östen
Ali Amira Fatima Hassan Elena Dragan Milica Jakub Zofia Aino Matti Ingebjørg Søren Noor Yusuf Leila
""".split()  # noqa: SIM905 - a list of names reads best as running text
_LAST_NAMES = """
Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Lindqvist Wester Ask Edlund
Berglund Sjöberg Åkerlund Öhman Hedin Norberg Sandgren Wikström Nyström Lundin Forsell Hallgren Björk Ström Ek Dahl
Lindgren Möller Sköld Rask Frisk Brandt Palm Rosén Kvist Hägg Ahmed Demir Kowalska Petrović Virtanen Nguyen
""".split()  # noqa: SIM905
_TRADES = """
Måleri Bygg Plåtslageri Åkeri El Rör Trädgård Städ Fastigheter Interiör Arkitektkontor Redovisning Krog Café Hotell
Bageri Cykel Marina Verkstad Mekaniska Tryckeri Optik Tandvård Veterinär Förskola Kontor Golv Kakel Glas Kök
""".split()  # noqa: SIM905
_PLACES = """
Ankaret Nordahl Kullen Tegelbruket Marstrand Fjärden Hjälmaren Almgren Syrenen Kvarnen Sjövik Nyhagen Björkudden
Ekbacken Slussen Varvet Hamnen Klockaren Skogsbrynet Åkanten Storgården Rosenhill Bergaby Hagalund Västerport Solbacken
""".split()  # noqa: SIM905
_STREETS = """
Granitvägen Tallkottsgatan Rönnbärsvägen Storgatan Kyrkogatan Skolgatan Järnvägsgatan Björkvägen Ekgatan Lindvägen
Hantverkargatan Fabriksgatan Slussgatan Sjövägen Ängsvägen Backstigen Kvarngatan Hamngatan Parkvägen Åkervägen
""".split()  # noqa: SIM905
_TOWNS = (
    ("702 31", "Örebro"), ("752 42", "Uppsala"), ("831 22", "Östersund"), ("411 04", "Göteborg"), ("214 31", "Malmö"),
    ("582 22", "Linköping"), ("722 11", "Västerås"), ("252 21", "Helsingborg"), ("352 30", "Växjö"), ("903 26", "Umeå"),
    ("972 32", "Luleå"), ("652 24", "Karlstad"), ("803 20", "Gävle"), ("392 31", "Kalmar"), ("621 45", "Visby"),
    ("541 30", "Skövde"), ("781 70", "Borlänge"), ("692 30", "Kumla"), ("713 31", "Nora"), ("544 30", "Hjo"),
)  # fmt: skip
_MUNICIPALITIES = "Lekeby Norrtuna Västerhult Sundarp Ekedal Bergvik Hovsala Älgnäs Östanbro Mellansjö".split()  # noqa: SIM905
_ABROAD = (
    ("Fjordlys Interiør AS", "Skippergata 101", "0150", "Oslo", "NO", "NO984851006MVA"),
    ("Havneby Køkken ApS", "Nordre Strandvej 12", "3000", "Helsingør", "DK", "DK31245678"),
    ("Lehtimäki Talot Oy", "Satamakatu 4", "00160", "Helsinki", "FI", "FI21345676"),
    ("Werkstatt Nordlicht GmbH", "Hafenstraße 27", "24103", "Kiel", "DE", "DE811128135"),
)


@dataclass(frozen=True, slots=True)
class InventedCustomer:
    """A customer before it is entered; `kind` is consumer, trader or public."""

    name: str
    kind: str
    identity_number: str
    street: str
    postcode: str
    town: str
    country: str = "SE"
    vat_number: str = ""
    email: str = ""
    language: str = "sv"


def person(random: Random, number: int) -> InventedCustomer:
    """Return a private person."""
    name = f"{random.choice(_FIRST_NAMES)} {random.choice(_LAST_NAMES)}"
    born = date(random.randint(1944, 2004), random.randint(1, 12), random.randint(1, 28))
    digits = f"{born:%y%m%d}{random.choice((238, 239))}"
    identity = f"{born:%Y%m%d}-{digits[6:]}{luhn.calc_check_digit(digits)}"
    return InventedCustomer(name, "consumer", identity, *_address(random), email=_email(name, number))


def firm(random: Random, number: int) -> InventedCustomer:
    """Return a company or a tenant-owners' association."""
    place = random.choice(_PLACES)
    if random.random() < 0.12:  # noqa: PLR2004 - about as many as a joiner has
        name, group = f"Brf {place} {random.randint(1, 9)}", "7696"
    else:
        form = random.choices(("AB", "HB", "KB"), (88, 8, 4))[0]
        name = f"{place}s {random.choice(_TRADES)} {form}"
        group = "559" + str(random.randint(0, 9)) if form == "AB" else "9697"
    digits = f"{group}{random.randint(20, 99):02d}{random.randint(0, 999):03d}"
    identity = f"{digits[:6]}-{digits[6:]}{luhn.calc_check_digit(digits)}"
    return InventedCustomer(name, "trader", identity, *_address(random), email=_email(name, number))


def public_body(number: int, random: Random) -> InventedCustomer:
    """Return an invented municipality."""
    name = f"{_MUNICIPALITIES[number % len(_MUNICIPALITIES)]} kommun"
    digits = f"212000{number + 970:03d}"[:9]
    identity = f"{digits[:6]}-{digits[6:]}{luhn.calc_check_digit(digits)}"
    _, postcode, town = _address(random)
    return InventedCustomer(name, "public", identity, "Fakturaenheten\nBox 12", postcode, town)


def abroad(number: int) -> InventedCustomer:
    """Return a company abroad that is invoiced in kronor."""
    name, street, postcode, town, country, vat = _ABROAD[number % len(_ABROAD)]
    return InventedCustomer(name, "trader", "", street, postcode, town, country, vat, language="en")


def person_abroad() -> InventedCustomer:
    """Return a private person abroad, whose identity number is of no use here."""
    address = ("Nordre Strandvej 12", "3000", "Helsingør", "DK")
    return InventedCustomer("Mette Holmgaard", "consumer", "", *address, language="en")


def _address(random: Random) -> tuple[str, str, str]:
    postcode, town = random.choice(_TOWNS)
    return f"{random.choice(_STREETS)} {random.randint(1, 89)}{random.choice(('', '', '', ' A', ' B'))}", postcode, town


def _email(name: str, number: int) -> str:
    plain = name.lower().translate(str.maketrans("åäöøéćíáß", "aaooeciás"))
    kept = "".join(sign if sign.isascii() and sign.isalnum() else "." for sign in plain)
    return f"{'.'.join(part for part in kept.split('.') if part)}.{number}@kund.example"
