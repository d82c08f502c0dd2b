from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punktlig.core.identity import IdentityKind, NotAnIdentityNumber, read_identity_number
from tests.core.invented import TODAY, person, with_check_digit

# Published by Skatteverket for tests; none of them belongs to anybody.
PUBLISHED = {
    "189001019802": date(1890, 1, 1),
    "190001019801": date(1900, 1, 1),
    "199001012385": date(1990, 1, 1),
    "200002292399": date(2000, 2, 29),
    "202402292383": date(2024, 2, 29),
}
PUBLISHED_COORDINATION = {
    "191401682396": date(1914, 1, 8),
    "197010632391": date(1970, 10, 3),
    "202601612381": date(2026, 1, 1),
}


@pytest.mark.parametrize(("number", "born"), PUBLISHED.items())
def test_a_personal_number_tells_the_date_of_birth(number: str, born: date) -> None:
    read = read_identity_number(number, today=TODAY)
    assert (read.kind, read.birth_date, read.digits) == (IdentityKind.PERSONAL, born, number[2:])


@pytest.mark.parametrize(("number", "born"), PUBLISHED_COORDINATION.items())
def test_a_coordination_number_has_sixty_more_in_the_day(number: str, born: date) -> None:
    read = read_identity_number(number, today=TODAY)
    assert (read.kind, read.birth_date) == (IdentityKind.COORDINATION, born)


@pytest.mark.parametrize(
    "written",
    [
        "556047-3521",
        "5560473521",
        "165560473521",
        "16556047-3521",
        "SE556047352101",
        "se 556047-3521 01",
        "556047–3521",
    ],
)
def test_an_organisation_number_is_read_however_it_is_written(written: str) -> None:
    read = read_identity_number(written, today=TODAY)
    assert (read.kind, str(read), read.birth_date) == (IdentityKind.ORGANISATION, "556047-3521", None)


@pytest.mark.parametrize("written", ["19900101-2385", "900101-2385", "9001012385", " 900101 2385 ", "SE900101238501"])
def test_a_personal_number_is_read_however_it_is_written(written: str) -> None:
    read = read_identity_number(written, today=TODAY)
    assert (read.birth_date, str(read)) == (date(1990, 1, 1), "900101-2385")


@pytest.mark.parametrize(
    ("born", "sign", "read_as"),
    [
        (date(1985, 1, 1), "-", date(1985, 1, 1)),
        (date(2026, 11, 23), "-", date(2026, 11, 23)),  # born today
        (date(1926, 11, 24), "-", date(1926, 11, 24)),  # the day after today lies ahead, so a century earlier
        (date(1926, 1, 5), "+", date(1926, 1, 5)),  # turned a hundred in January
        (date(1926, 12, 4), "+", date(1926, 12, 4)),  # turns a hundred in December: the sign has changed already
        (date(1927, 1, 1), "-", date(1927, 1, 1)),
        (date(1912, 6, 1), "+", date(1912, 6, 1)),
        (date(1912, 6, 1), "-", date(2012, 6, 1)),  # without its plus it is a child's number
        (date(1890, 1, 1), "+", date(1890, 1, 1)),
    ],
)
def test_two_digits_of_the_year_and_the_sign_tell_the_century(born: date, sign: str, read_as: date) -> None:
    ten = person(born)[2:]
    assert read_identity_number(f"{ten[:6]}{sign}{ten[6:]}", today=TODAY).birth_date == read_as


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it should be ten or twelve digits"),
        ("90010123", "it should be ten or twelve digits"),
        ("19900101-23850", "it should be ten or twelve digits"),
        ("９001012385", "it should be ten or twelve digits"),
        ("199001012386", "the check digit is wrong"),
        ("556047-3522", "the check digit is wrong"),
        ("20556047-3521", "an organisation number has ten digits, or twelve that begin with 16"),
        ("169001012385", "a person's number has ten digits, or twelve that begin with 18, 19 or 20"),
        ("219001012385", "a person's number has ten digits, or twelve that begin with 18, 19 or 20"),
        (with_check_digit("900132238"), "it begins with a date that does not exist"),
        (with_check_digit("901301238"), "it begins with a date that does not exist"),
        (with_check_digit("900100238"), "it begins with a date that does not exist"),
        (with_check_digit("900160238"), "it begins with a date that does not exist"),
        (with_check_digit("260229238"), "it begins with a date that does not exist"),
        ("000229+2399", "it begins with a date that does not exist"),  # 1900 had no leap day
        (person(date(2026, 11, 24)), "the date of birth lies ahead"),
    ],
)
def test_what_is_no_identity_number_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(NotAnIdentityNumber) as refused:
        read_identity_number(text, today=TODAY)
    assert (refused.value.text, refused.value.reason) == (text, reason)


@pytest.mark.parametrize(
    ("born", "day", "of_age"),
    [
        (date(2008, 11, 23), date(2026, 11, 22), False),
        (date(2008, 11, 23), date(2026, 11, 23), True),
        (date(2008, 2, 29), date(2026, 2, 28), False),  # a leap day's child comes of age on 1 March
        (date(2008, 2, 29), date(2026, 3, 1), True),
        (date(2008, 3, 1), date(2026, 3, 1), True),
        (date(2008, 12, 31), date(2026, 12, 31), True),
    ],
)
def test_a_person_is_of_age_from_the_eighteenth_birthday(born: date, day: date, *, of_age: bool) -> None:
    assert read_identity_number(person(born), today=day).is_of_age(day) is of_age


@given(st.dates(date(1890, 1, 1), TODAY), st.booleans())
def test_every_date_of_birth_is_read_back_from_twelve_digits(born: date, coordination: bool) -> None:
    read = read_identity_number(person(born, coordination=coordination), today=TODAY)
    assert read.birth_date == born
    assert (read.kind is IdentityKind.COORDINATION) is coordination


@given(st.dates(date(1890, 1, 1), TODAY), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(born: date, place: int, change: int) -> None:
    ten = person(born)[2:]
    wrong = f"{ten[:place]}{(int(ten[place]) + change) % 10}{ten[place + 1 :]}"
    with pytest.raises(NotAnIdentityNumber):
        read_identity_number(wrong, today=TODAY)
