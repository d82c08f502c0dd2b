"""A letter came back and the debtor was found elsewhere: one new letter and one fee, whatever comes between."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from punktlig.agency.actions import reminders
from punktlig.agency.actions.closing import (
    ClaimHasEnded,
    LetterHasNotLeft,
    LetterIsGone,
    NothingIsAsked,
    close_as_paid,
    refuse_letter,
    try_again,
    withdraw,
)
from punktlig.agency.actions.debtor_addresses import AddressHasFailed, AddressIsNotAsked, give_new_address
from punktlig.agency.actions.print_batches import letters_of_batch
from punktlig.agency.jobs import letter_drawing
from punktlig.agency.jobs.daily_round import run_daily_round
from punktlig.agency.records.claim_money import balance_facts
from punktlig.agency.records.journal import CHARGES, EntryKind
from punktlig.agency.records.models import (
    Claim,
    ClaimEvent,
    ClaimStep,
    Creditor,
    DebtorAddress,
    JournalEntry,
    Letter,
    PrintBatch,
)
from punktlig.core.addressee import AddressIncomplete
from punktlig.core.bank_days import is_bank_day
from punktlig.core.claim_balance import claim_balance
from punktlig.core.letter.content import LetterContent
from punktlig.exchange.messages import Address
from punktlig.letters.fitting import AddressDoesNotFit
from punktlig.tenancy.context import acting_for
from tests.agency.rounds import (
    FRIDAY,
    MONDAY,
    THURSDAY,
    TUESDAY,
    accept,
    deliver,
    deliveries,
    fresh,
    kinds,
    ledger,
    letters,
    morning,
    pay,
)
from tests.agency.samples import make_creditor

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

pytestmark = pytest.mark.django_db

WHO = "Maja Lind"
OLD = Address(lines=("Björkvägen 7",), postcode="123 46", town="Lillsjön")
NEW = Address(lines=("Strandvägen 12", "lgh 1102"), postcode="831 30", town="Östersund")
OTHER = Address(lines=("Rådhusgatan 3",), postcode="831 34", town="Östersund")
ABROAD = Address(lines=("Skippergata 101",), postcode="0150", town="Oslo", country="NO")


@pytest.fixture
def creditor() -> Creditor:
    return make_creditor()


@pytest.fixture
def sent(creditor: Creditor, tmp_path: Path) -> Claim:
    claim = accept(creditor)
    play_round(THURSDAY, tmp_path)
    assert fresh(claim).status == "reminder_sent"
    return claim


@pytest.fixture
def returned(sent: Claim) -> Claim:
    send_back(sent, FRIDAY)
    return sent


def play_round(day: date, folder: Path) -> None:
    """Run the day's round, and let the letters leave."""
    run_daily_round(today=day, at=morning(day))
    deliver(folder, morning(day, 10))


def decide(verb: Callable[..., Claim], claim: Claim, *told: object, day: date = FRIDAY, **named: str) -> Claim:
    with acting_for(claim.creditor_id):
        return verb(claim.creditor_id, claim.id, *told, actor=WHO, today=day, at=morning(day, 12), **named)


def send_back(claim: Claim, day: date) -> None:
    decide(refuse_letter, claim, day=day, reason="okänd på adressen")


def give(claim: Claim, address: Address = NEW, day: date = FRIDAY) -> Claim:
    return decide(give_new_address, claim, address, day=day)


def total(claim: Claim, day: date) -> str:
    with acting_for(claim.creditor_id):
        creditor = Creditor.objects.get(id=claim.creditor_id)
        return str(claim_balance(balance_facts(creditor, [fresh(claim)])[claim.id], day).total)


def live(creditor: Creditor) -> list[Letter]:
    return [letter for letter in letters(creditor) if letter.stopped_at is None and letter.replaced_at is None]


def standing_fees(creditor: Creditor) -> list[JournalEntry]:
    with acting_for(creditor.id):
        taken_back = JournalEntry.objects.filter(kind=EntryKind.FEE_REVERSED).values("corrects_id")
        return list(JournalEntry.objects.filter(kind__in=CHARGES).exclude(id__in=taken_back))


def window(letter: Letter) -> tuple[str, ...]:
    return LetterContent.from_json(letter.content).recipient


def test_the_claim_is_planned_for_the_next_bank_day_and_the_creditors_program_is_told(returned: Claim) -> None:
    claim = give(returned)
    assert (claim.status, claim.needs_person, claim.needs_person_since) == ("received", "", None)
    assert (claim.next_event, claim.next_event_day, claim.reminder_day) == ("reminder_is_issued", MONDAY, MONDAY)
    assert claim.last_day_to_pay is None
    with acting_for(claim.creditor_id):
        event = ClaimEvent.objects.get(kind="address_changed")
    assert (event.actor, event.facts) == (WHO, {"reminder_day": "2026-11-30"})
    # 1 200 kr and 32 days' interest: nobody has been asked for a fee.
    assert event.summary == {
        "sequence": event.sequence,
        "status": "received",
        "balance": "1210.52",
        "balance_day": "2026-11-27",
        "next_event": "reminder_is_issued",
        "next_event_day": "2026-11-30",
    }


def test_the_round_makes_one_letter_of_the_same_step_with_one_fee(
    creditor: Creditor, returned: Claim, tmp_path: Path
) -> None:
    submission = bytes(fresh(returned).submission)
    give(returned)
    play_round(FRIDAY, tmp_path)
    assert len(letters(creditor)) == 1
    play_round(MONDAY, tmp_path)
    first, second = letters(creditor)
    assert (first.step_id, first.edition, second.step_id, second.edition) == (first.step_id, 1, first.step_id, 2)
    assert first.replaced_at is not None
    assert first.stopped_at is not None
    assert live(creditor) == [second]
    assert (second.day, second.last_day_to_pay, second.left_at) == (MONDAY, date(2026, 12, 8), morning(MONDAY, 10))
    # 1 200 kr, 35 days' interest and the fee.
    assert (second.interest_ore, second.charge_ore, second.total_ore) == (11_51, 60_00, 1271_51)
    assert window(second)[1:] == ("Strandvägen 12", "lgh 1102", "831 30 Östersund")
    (fee,) = standing_fees(creditor)
    assert (fee.source_id, fee.day) == (second.id, MONDAY)
    assert ledger(creditor.id) == {
        "principal_owed": 1200_00,
        "fees_owed": 60_00,
        "fee_income": -60_00,
        "due_to_creditor": -1200_00,
    }
    for day, owed in ((THURSDAY, "1210.19"), (FRIDAY, "1210.52"), (MONDAY, "1271.51"), (date(2026, 12, 8), "1274.14")):
        assert total(returned, day) == owed
    claim = fresh(returned)
    assert (claim.status, claim.next_event, claim.next_event_day) == (
        "reminder_sent",
        "last_day_to_pay",
        date(2026, 12, 8),
    )
    assert kinds(returned)[-3:] == ["address_changed", "reminder_issued", "reminder_sent"]
    assert bytes(claim.submission) == submission
    with acting_for(creditor.id):
        assert ClaimStep.objects.count() == 1


def test_the_round_run_again_makes_nothing_more(creditor: Creditor, returned: Claim, tmp_path: Path) -> None:
    give(returned)
    for day in (MONDAY, MONDAY, TUESDAY):
        play_round(day, tmp_path)
    assert len(letters(creditor)) == 2
    assert len(standing_fees(creditor)) == 1
    assert kinds(returned).count("reminder_sent") == 2


def test_of_two_addresses_given_before_the_round_the_last_counts(
    creditor: Creditor, returned: Claim, tmp_path: Path
) -> None:
    give(returned)
    give(returned, OTHER)
    give(returned, OTHER)
    assert kinds(returned).count("address_changed") == 2
    play_round(MONDAY, tmp_path)
    (letter,) = live(creditor)
    assert window(letter)[1:] == ("Rådhusgatan 3", "831 34 Östersund")
    assert len(standing_fees(creditor)) == 1
    # The letter has left, and there is nothing to give an address for.
    with pytest.raises(AddressIsNotAsked):
        give(returned, NEW, MONDAY)


def test_an_address_corrected_later_leaves_the_planned_day(creditor: Creditor, returned: Claim, tmp_path: Path) -> None:
    give(returned)
    claim = give(returned, OTHER, MONDAY)
    assert claim.reminder_day == MONDAY
    play_round(MONDAY, tmp_path)
    assert len(live(creditor)) == 1


def test_the_address_that_failed_is_refused_however_it_is_written(returned: Claim) -> None:
    spelt = Address(lines=(" björkvägen 7 ", ""), postcode="SE-12346", town="LILLSJÖN")
    for address in (OLD, spelt):
        with pytest.raises(AddressHasFailed):
            give(returned, address)
    give(returned)
    # Also as the correction of another.
    with pytest.raises(AddressHasFailed):
        give(returned, OLD)
    with acting_for(returned.creditor_id):
        assert DebtorAddress.objects.count() == 1


def test_an_incomplete_address_is_refused(returned: Claim) -> None:
    with pytest.raises(AddressIncomplete) as refused:
        give(returned, Address(lines=("Strandvägen 12",), postcode="831", town=""))
    assert refused.value.missing == ("postcode", "town")
    assert fresh(returned).needs_person == "letter_refused"


def test_an_address_that_no_window_shows_is_refused(returned: Claim) -> None:
    with pytest.raises(AddressDoesNotFit):
        give(returned, Address(lines=("Strandvägen 12, " * 30,), postcode="831 30", town="Östersund"))
    assert fresh(returned).needs_person == "letter_refused"


def test_a_letter_returned_a_second_time_waits_again_with_its_fee_taken_back(
    creditor: Creditor, returned: Claim, tmp_path: Path
) -> None:
    give(returned)
    play_round(MONDAY, tmp_path)
    send_back(returned, TUESDAY)
    assert (fresh(returned).status, fresh(returned).needs_person) == ("needs_person", "letter_refused")
    assert standing_fees(creditor) == []
    assert kinds(returned).count("fee_reversed") == 2
    assert ledger(creditor.id) == {"principal_owed": 1200_00, "due_to_creditor": -1200_00}
    assert total(returned, TUESDAY) == "1211.84"
    with pytest.raises(LetterHasNotLeft):
        send_back(returned, TUESDAY)
    with pytest.raises(AddressHasFailed):
        give(returned, NEW, TUESDAY)
    give(returned, OTHER, TUESDAY)
    play_round(date(2026, 12, 2), tmp_path)
    (letter,) = live(creditor)
    assert (letter.edition, letter.charge_ore) == (3, 60_00)
    assert len(standing_fees(creditor)) == 1
    # 37 days' interest.
    assert total(returned, date(2026, 12, 2)) == "1272.16"


def test_a_part_payment_between_is_counted_in_the_new_letter(
    creditor: Creditor, returned: Claim, tmp_path: Path
) -> None:
    give(returned)
    pay(creditor, returned, "500.00", day=FRIDAY)
    play_round(MONDAY, tmp_path)
    (letter,) = live(creditor)
    # 1 200 kr for 32 days, 700 kr for the three after.
    assert (letter.commands_counted, letter.interest_ore, letter.total_ore) == (1, 11_10, 771_10)
    assert total(returned, MONDAY) == "771.10"
    assert ledger(creditor.id)["principal_owed"] == 700_00


def test_what_was_paid_on_the_letter_that_came_back_counts_on_the_invoice_also_in_the_new_one(
    creditor: Creditor, sent: Claim, tmp_path: Path
) -> None:
    pay(creditor, sent, "500.00", day=FRIDAY)
    assert ledger(creditor.id).get("fees_owed") is None
    send_back(sent, FRIDAY)
    give(sent)
    play_round(MONDAY, tmp_path)
    (letter,) = live(creditor)
    assert letter.total_ore == 771_10
    assert total(sent, MONDAY) == "771.10"
    books = ledger(creditor.id)
    assert (books["principal_owed"], books["fees_owed"], books["fee_income"]) == (700_00, 60_00, -60_00)
    # Paid as the letter asks, it is settled.
    pay(creditor, sent, "771.10", day=TUESDAY)
    assert fresh(sent).status == "paid"
    assert {"principal_owed", "interest_owed", "fees_owed"}.isdisjoint(ledger(creditor.id))


def test_a_claim_paid_between_gets_no_letter(creditor: Creditor, returned: Claim, tmp_path: Path) -> None:
    give(returned)
    pay(creditor, returned, "1200.00", day=FRIDAY)
    play_round(MONDAY, tmp_path)
    assert fresh(returned).status == "paid"
    assert len(letters(creditor)) == 1
    assert standing_fees(creditor) == []
    with pytest.raises(AddressIsNotAsked):
        give(returned, OTHER, MONDAY)


@pytest.mark.parametrize("verb", [withdraw, close_as_paid])
def test_a_claim_ended_between_gets_no_letter(
    creditor: Creditor, returned: Claim, tmp_path: Path, verb: Callable[..., Claim]
) -> None:
    give(returned)
    decide(verb, returned)
    play_round(MONDAY, tmp_path)
    assert len(letters(creditor)) == 1
    assert standing_fees(creditor) == []
    assert total(returned, MONDAY) == "0.00"


def test_a_round_killed_before_its_end_leaves_nothing_and_the_next_does_it_all(
    creditor: Creditor, returned: Claim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(returned)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(reminders, "write_events", killed)
        with pytest.raises(KeyboardInterrupt):
            run_daily_round(today=MONDAY, at=morning(MONDAY))
    assert (len(letters(creditor)), standing_fees(creditor)) == (1, [])
    play_round(MONDAY, tmp_path)
    assert (len(live(creditor)), len(standing_fees(creditor))) == (1, 1)


def test_a_new_letter_that_cannot_leave_in_time_is_made_anew_for_the_new_address(
    creditor: Creditor, returned: Claim, tmp_path: Path
) -> None:
    give(returned)
    run_daily_round(today=MONDAY, at=morning(MONDAY))
    later = date(2026, 12, 4)
    play_round(later, tmp_path)
    (letter,) = live(creditor)
    assert (letter.edition, letter.day) == (3, later)
    assert window(letter)[1] == "Strandvägen 12"
    assert len(standing_fees(creditor)) == 1
    send_back(returned, later)
    assert standing_fees(creditor) == []
    assert total(returned, later) == "1212.82"


def test_a_letter_that_does_not_fit_its_window_gets_another_address(
    creditor: Creditor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = accept(creditor)
    with monkeypatch.context() as patched:
        patched.setattr(letter_drawing, "draw_content", lambda _: (b"", "address_does_not_fit"))
        play_round(THURSDAY, tmp_path)
    assert fresh(claim).needs_person == "address_does_not_fit"
    give(claim)
    play_round(MONDAY, tmp_path)
    assert fresh(claim).status == "reminder_sent"
    assert len(live(creditor)) == 1


def test_a_claim_whose_address_could_not_be_used_at_all_gets_its_first_letter(
    creditor: Creditor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AddressIncomplete("Anna Ek", ("town",))

    claim = accept(creditor)
    with monkeypatch.context() as patched:
        patched.setattr("punktlig.agency.records.letter_deciding.write_letter", refuse)
        play_round(THURSDAY, tmp_path)
    assert fresh(claim).needs_person == "address_incomplete"
    give(claim)
    play_round(MONDAY, tmp_path)
    (letter,) = letters(creditor)
    assert (letter.edition, window(letter)[1]) == (1, "Strandvägen 12")
    assert fresh(claim).status == "reminder_sent"


def test_a_letter_that_waits_and_cannot_be_made_anew_is_stopped_with_its_fee(
    creditor: Creditor, tmp_path: Path
) -> None:
    claim = accept(creditor)
    run_daily_round(today=THURSDAY, at=morning(THURSDAY))
    with acting_for(creditor.id):
        Claim.objects.filter(id=claim.id).update(status="needs_person", needs_person="address_incomplete")
    give(claim)
    assert kinds(claim)[-3:] == ["address_changed", "reminder_stopped", "fee_reversed"]
    assert (live(creditor), standing_fees(creditor)) == ([], [])
    play_round(MONDAY, tmp_path)
    (letter,) = live(creditor)
    (fee,) = standing_fees(creditor)
    assert fee.source_id == letter.id
    assert [each.left_at for each in letters(creditor)] == [None, morning(MONDAY, 10)]
    assert total(claim, MONDAY) == "1271.51"


def test_while_a_letter_may_be_on_its_way_no_address_is_taken(creditor: Creditor, sent: Claim) -> None:
    with acting_for(creditor.id):
        Claim.objects.filter(id=sent.id).update(status="needs_person", needs_person="character_not_covered")
    with pytest.raises(AddressIsNotAsked):
        give(sent)
    assert len(live(creditor)) == 1


def test_a_claim_that_waits_for_something_else_asks_for_no_address(creditor: Creditor, sent: Claim) -> None:
    with pytest.raises(AddressIsNotAsked):
        give(sent)
    fallow = accept(creditor)
    with pytest.raises(AddressIsNotAsked):
        give(fallow)
    with acting_for(creditor.id):
        Claim.objects.filter(id=fallow.id).update(status="needs_person", needs_person="could_not_be_made")
    with pytest.raises(AddressIsNotAsked):
        give(fallow)


def test_a_round_that_then_asks_for_something_else_can_be_tried_again(
    creditor: Creditor, returned: Claim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(returned)
    with monkeypatch.context() as patched:
        patched.setattr("punktlig.agency.records.letter_deciding.remind", lambda *_: 1 / 0)
        play_round(MONDAY, tmp_path)
    assert fresh(returned).needs_person == "could_not_be_made"
    decide(try_again, returned, day=TUESDAY)
    play_round(TUESDAY, tmp_path)
    (letter,) = live(creditor)
    assert (letter.edition, letter.day) == (2, TUESDAY)
    assert len(standing_fees(creditor)) == 1


def test_a_debtor_who_has_moved_abroad_is_asked_as_one_who_lives_there(
    creditor: Creditor, returned: Claim, tmp_path: Path
) -> None:
    give(returned, ABROAD)
    play_round(MONDAY, tmp_path)
    (letter,) = live(creditor)
    assert window(letter)[1:] == ("Skippergata 101", "0150 Oslo", "NORGE")
    # A consumer abroad is asked for the invoice alone, unless the creditor has decided otherwise.
    assert (letter.interest_ore, letter.charge_ore, letter.total_ore) == (0, 0, 1200_00)
    assert total(returned, MONDAY) == "1200.00"
    assert standing_fees(creditor) == []


def test_each_letter_goes_by_post_to_the_address_it_was_made_for(
    creditor: Creditor, returned: Claim, tmp_path: Path
) -> None:
    with acting_for(creditor.id):
        Creditor.objects.filter(id=creditor.id).update(sends_by_email=True)
    give(returned)
    play_round(MONDAY, tmp_path)
    assert [delivery.gateway for delivery in deliveries(creditor)] == ["print", "print"]
    assert PrintBatch.objects.count() == 2
    towns = [
        [letter.town for letter in letters_of_batch(batch.id)] for batch in PrintBatch.objects.order_by("created_at")
    ]
    # The first was refused afterwards, and is in no file any more.
    assert towns == [[], ["Östersund"]]


@pytest.mark.parametrize("seed", range(12))
def test_whatever_comes_there_is_one_live_letter_and_one_fee(creditor: Creditor, tmp_path: Path, seed: int) -> None:
    """Days of rounds, returns, addresses, payments and ends, in any order."""
    chance = random.Random(seed)  # noqa: S311 - what happens next, the same at each run
    claim = accept(creditor)
    street = 0
    for ahead in range(1, 31):
        day = THURSDAY + timedelta(days=ahead - 1)
        for _ in range(chance.randrange(1, 4)):
            street += 1
            address = Address(lines=(f"Strandvägen {street}",), postcode="831 30", town="Östersund")
            _do_something(creditor, claim, chance, day, address=address, folder=tmp_path)
            _agrees(creditor, claim, day)


def _do_something(
    creditor: Creditor, claim: Claim, chance: random.Random, day: date, *, address: Address, folder: Path
) -> None:
    told: dict[str, Callable[[], Any]] = {
        "round": lambda: run_daily_round(today=day, at=morning(day, 9)),
        "deliver": lambda: deliver(folder, morning(day, 10)),
        "return": lambda: send_back(claim, day),
        "address": lambda: give(claim, address, day),
        "pay": lambda: pay(creditor, claim, "90.00", day=day),
        "try": lambda: decide(try_again, claim, day=day),
        "end": lambda: decide(withdraw, claim, day=day),
    }
    act = chance.choices(list(told), weights=[8, 8, 5, 6, 2, 1, 0.2])[0]
    if act in ("round", "deliver") and not is_bank_day(day):
        return
    try:
        told[act]()
    except (LetterHasNotLeft, AddressIsNotAsked, ClaimHasEnded, LetterIsGone, NothingIsAsked):
        return


def _agrees(creditor: Creditor, claim: Claim, day: date) -> None:
    current, fees, letters_now = fresh(claim), standing_fees(creditor), live(creditor)
    assert len(letters_now) <= 1
    assert len(fees) <= 1
    ended = current.status in ("paid", "closed")
    if letters_now and not ended:
        assert len(fees) == bool(letters_now[0].charge_ore)
    if not letters_now:
        assert fees == []
    with acting_for(creditor.id):
        assert ClaimStep.objects.count() <= 1
        balance = claim_balance(balance_facts(creditor, [current])[claim.id], day)
    books = ledger(creditor.id)
    assert books.get("principal_owed", 0) == balance.principal_left.ore
    assert books.get("fees_owed", 0) == balance.fees.ore
