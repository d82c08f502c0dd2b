from bench import letter_cases, letters
from bench.workers import Chunk
from punktlig.core.eligibility import obstacles
from punktlig.core.interest import Interest
from punktlig.core.reminder import remind

CASES = 400


def test_every_case_may_be_reminded_and_no_two_letters_say_the_same() -> None:
    said = set()
    for number in range(CASES):
        facts = letter_cases.reminder_facts(number)
        assert obstacles(facts) == ()
        said.add(letters.content_of(number, facts).to_json())
    assert len(said) == CASES


def test_cases_are_the_same_in_every_run() -> None:
    assert letter_cases.reminder_facts(17) == letter_cases.reminder_facts(17)
    assert len({letter_cases.case_number(number) for number in range(CASES)}) == CASES


def test_cases_have_few_and_many_rows_of_interest() -> None:
    interests = [remind(letter_cases.reminder_facts(number)).interest for number in range(CASES)]
    rows = [len(interest.lines) for interest in interests if isinstance(interest, Interest)]
    assert len(rows) == CASES
    assert min(rows) == 1
    assert max(rows) >= 10


def test_one_of_forty_is_in_english() -> None:
    languages = [letters.content_of(number, letter_cases.reminder_facts(number)).language for number in range(80)]
    assert languages.count("en") == 2


def chunk(held: int) -> Chunk:
    return Chunk(pid=1, size=100, seconds=1, processor_seconds=1, bytes_made=1, resident_bytes=held)


def test_growth_is_what_the_second_half_holds_more_than_the_first() -> None:
    assert letters.growth_bytes(tuple(map(chunk, (100, 130, 110, 125)))) == -5
    assert letters.growth_bytes(tuple(map(chunk, (100, 110, 120, 130)))) == 20
