"""Reads who the agency is from a TOML file: every key known, present and right, for all of it is printed on letters."""

from __future__ import annotations

import re
import tomllib
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stdnum import bic, iban

from punktlig.core.agency import Agency
from punktlig.core.identity import IdentityKind, NotAnIdentityNumber, read_identity_number
from punktlig.core.refusal import Refusal
from punktlig.formats.giro import NotABankgiroNumber, format_bankgiro

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

_MOST_BYTES = 100_000
_MOST_CHARACTERS = 200
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_POSTCODE = re.compile(r"\d{3} ?\d{2}", re.ASCII)
_TELEPHONE = re.compile(r"0\d[\d -]{5,14}\d", re.ASCII)


@dataclass(eq=False)
class AgencyFileCannotBeRead(Refusal):
    """The file cannot be opened; `reason` is in the operating system's words."""

    file: str
    reason: str


@dataclass(eq=False)
class AgencyFileIsNotToml(Refusal):
    """The file is not TOML; `reason` says where."""

    file: str
    reason: str


@dataclass(eq=False)
class AgencyKeyUnknown(Refusal):
    """The file has a key that means nothing; `known` are the keys there are."""

    file: str
    key: str
    known: tuple[str, ...]


@dataclass(eq=False)
class AgencyKeyMissing(Refusal):
    """The file lacks a key."""

    file: str
    key: str


@dataclass(eq=False)
class AgencyValueIsWrong(Refusal):
    """A value cannot be what its key says."""

    file: str
    key: str
    value: str
    reason: str


# Ekviken Ombud is invented. The telephone number is from the range kept for fiction, bankgiro and IBAN are the
# ones that Bankgirot and the IBAN registry use as examples. examples/agency.toml says the same.
INVENTED_AGENCY = Agency(
    name="Ekviken Ombud AB",
    brand="Ekviken Ombud",
    organisation_number="559870-2149",
    address="Box 120",
    postcode="831 22",
    town="Östersund",
    telephone="08-465 004 10",
    hours="9–16",
    email="hej@ekviken.example",
    website="ekviken.example",
    bankgiro="5050-1055",
    iban="SE45 5000 0000 0583 9825 7466",
    bic="ESSESESS",
    seat="Östersund",
)


def read_agency_file(path: Path, *, today: date) -> Agency:
    """Return the agency in the file.

    Raises:
        AgencyFileCannotBeRead, AgencyFileIsNotToml, AgencyKeyUnknown, AgencyKeyMissing or AgencyValueIsWrong.
    """
    told = _toml(path)
    known = {field.name: field for field in fields(Agency)}
    for key in told:
        if key not in known:
            raise AgencyKeyUnknown(str(path), key, tuple(known))
    for key, field in known.items():
        if key not in told:
            if field.default is MISSING:
                raise AgencyKeyMissing(str(path), key)
            continue
        told[key] = _value(str(path), key, told[key], needed=field.default is MISSING, today=today)
    return Agency(**told)


def brand_in(file: str) -> str:
    """Return what the agency in the file calls itself; the invented one's when there is no file that says it."""
    try:
        brand = _toml(Path(file)).get("brand") if file else None
    except Refusal:
        brand = None  # Whoever needs the file says what is wrong with it.
    return brand if isinstance(brand, str) and brand else INVENTED_AGENCY.brand


def _toml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as opened:
            content = opened.read(_MOST_BYTES + 1)
    except OSError as problem:
        raise AgencyFileCannotBeRead(str(path), problem.strerror or str(problem)) from None
    if len(content) > _MOST_BYTES:
        raise AgencyFileIsNotToml(str(path), f"it has more than {_MOST_BYTES} bytes")
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise AgencyFileIsNotToml(str(path), "it is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as problem:
        raise AgencyFileIsNotToml(str(path), str(problem).rstrip(".")) from None


def _value(file: str, key: str, value: object, *, needed: bool, today: date) -> object:
    def wrong(reason: str) -> AgencyValueIsWrong:
        return AgencyValueIsWrong(file, key, str(value), reason)

    if key == "approved_for_f_tax":
        if not isinstance(value, bool):
            raise wrong("it should be true or false")
        return value
    if not isinstance(value, str):
        raise wrong("it should be a text in quotation marks")
    text = " ".join(value.split())
    if needed and not text:
        raise wrong("it is empty")
    if len(text) > _MOST_CHARACTERS:
        raise wrong("it is too long for a letter")
    if not text.isprintable():
        raise wrong("it holds characters that cannot be printed")
    if key == "organisation_number":
        return _organisation_number(text, wrong, today)
    check = _CHECKS.get(key)
    return check(text, wrong) if check else text


def _organisation_number(text: str, wrong: Callable[[str], Refusal], today: date) -> str:
    try:
        number = read_identity_number(text, today=today)
    except NotAnIdentityNumber as problem:
        raise wrong(problem.reason) from None
    if number.kind is not IdentityKind.ORGANISATION:
        raise wrong("it is a person's number and would stand on every letter")
    return str(number)


def _bankgiro(text: str, wrong: Callable[[str], Refusal]) -> str:
    try:
        return format_bankgiro(text)
    except NotABankgiroNumber as problem:
        raise wrong(problem.reason) from None


def _iban(text: str, wrong: Callable[[str], Refusal]) -> str:
    if not iban.is_valid(text):
        raise wrong("the check digits or the length are wrong")
    return str(iban.format(text))


def _bic(text: str, wrong: Callable[[str], Refusal]) -> str:
    if not bic.is_valid(text):
        raise wrong("it should be 8 or 11 letters and digits, such as ESSESESS")
    return str(bic.compact(text))


def _matching(pattern: re.Pattern[str], reason: str) -> Callable[[str, Callable[[str], Refusal]], str]:
    def check(text: str, wrong: Callable[[str], Refusal]) -> str:
        if pattern.fullmatch(text) is None:
            raise wrong(reason)
        return text

    return check


_CHECKS: dict[str, Callable[[str, Callable[[str], Refusal]], str]] = {
    "bankgiro": _bankgiro,
    "iban": _iban,
    "bic": _bic,
    "email": _matching(_EMAIL, "it is no e-mail address"),
    "postcode": _matching(_POSTCODE, "it should be five digits, such as 831 22"),
    "telephone": _matching(_TELEPHONE, "it should be written as within Sweden, such as 08-465 004 10"),
}
