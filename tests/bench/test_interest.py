from bench import interest
from bench.results import judge
from punktlig.core.late_rate import KNOWN_RATES


def test_claims_differ_and_are_the_same_in_every_run() -> None:
    claims = interest.claims(5_000)
    assert claims == interest.claims(5_000)
    assert len({(debt.principal, debt.first_day, through) for debt, through in claims}) == 5_000


def test_claims_bear_interest_on_known_days_only() -> None:
    for debt, through in interest.claims(50_000):
        assert KNOWN_RATES.known_from <= debt.first_day <= through <= KNOWN_RATES.known_through


def test_part_payments_never_pay_the_whole_and_fall_within_the_period() -> None:
    for debt, through in interest.claims(5_000, part_payments=True):
        assert 1 <= len(debt.payments) <= 3
        assert debt.unpaid(through).ore > 0
        assert all(debt.first_day <= payment.day <= through for payment in debt.payments)


def test_a_quick_run_agrees_with_its_floors_and_measures_every_goal() -> None:
    result = interest.run(quick=True)
    assert len(judge(interest.goal, result)) == len(interest.goal)
    assert all(figure.floor_values for figure in result.figures)
