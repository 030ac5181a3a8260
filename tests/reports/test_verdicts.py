"""The arithmetic from cases to a cell."""

import pytest

from layerproof.reports import verdicts
from layerproof.reports.verdicts import CASE_VERDICTS, CELL_VERDICTS, headline, histogram, worst_of


@pytest.mark.parametrize(
    ("counts", "compared", "expected"),
    [
        ({}, 0, "not-run"),
        ({"pass": 0}, 0, "not-run"),
        ({"pass": 3}, 3, "pass"),
        ({"pass": 2}, 2, "thin"),
        ({"pass": 12}, 6, "pass"),
        ({"pass": 12}, 5, "thin"),
        ({"pass": 5}, 2, "thin"),
        ({"pass": 11, "unsupported": 1}, 11, "unsupported"),
        ({"pass": 11, "unsupported": 1}, 5, "thin"),
        ({"pass": 2, "unsupported": 10}, 2, "unsupported"),
        ({"pass": 2, "unsupported": 10}, 0, "thin"),
        ({"pass": 1, "unsupported": 100}, 1, "unsupported"),
        ({"unsupported": 12}, 0, "unsupported"),
        ({"pass": 9, "unspecified": 1, "unsupported": 2}, 10, "unspecified"),
        ({"pass": 9, "deviation": 1, "unspecified": 2}, 12, "deviation"),
        ({"pass": 11, "deviation": 1}, 1, "thin"),
        ({"pass": 9, "fail": 1, "deviation": 2}, 12, "fail"),
        ({"fail": 1}, 1, "fail"),
        ({"pass": 11, "fail": 1}, 0, "fail"),
        ({"pass": 9, "timeout": 1, "fail": 2}, 11, "timeout"),
        ({"pass": 9, "crash": 1, "timeout": 1, "fail": 1}, 9, "crash"),
    ],
)
def test_headline(counts, compared, expected):
    assert headline(counts, compared) == expected


def test_the_first_verdict_in_order_is_the_headline():
    for place, verdict in enumerate(CASE_VERDICTS[:-1]):
        counts = dict.fromkeys(CASE_VERDICTS[place:], 4)
        compared = sum(counts.values()) - counts["unsupported"]
        assert headline(counts, compared) == verdict


@pytest.mark.parametrize(
    ("counts", "compared"),
    [({"pass": 3}, 4), ({"pass": 3}, -1), ({"pass": -3}, 0), ({"unsupported": 3}, 1)],
)
def test_impossible_counts_are_refused(counts, compared):
    with pytest.raises(ValueError, match="cannot have been compared"):
        headline(counts, compared)


def test_an_unknown_verdict_is_refused():
    with pytest.raises(ValueError, match="'thin' is not a verdict of a case"):
        headline({"thin": 1}, 0)


def test_worst_of_several_cells():
    assert worst_of(["pass", "unsupported", "thin", "deviation"]) == "thin"
    assert worst_of(["pass", "crash", "fail"]) == "crash"
    assert worst_of([]) == "not-run"


def test_every_headline_has_a_sign_and_a_meaning_of_its_own():
    assert set(verdicts.SYMBOLS) == set(verdicts.MEANINGS) == set(CELL_VERDICTS)
    assert len(set(verdicts.SYMBOLS.values())) == len(CELL_VERDICTS)


def test_histogram_bins_up_to_zero_are_within_the_bound():
    within = [0.0, 1e-30, 0.25, 0.5, 0.7, 1.0]
    beyond = [1.0000001, 2.0, 1e9, float("inf"), float("nan")]
    assert all(k <= 0 for k in histogram(within))
    assert all(k > 0 for k in histogram(beyond))
    assert sum(histogram(within + beyond).values()) == len(within + beyond)
    assert histogram([0.26, 0.5, 0.51, 2.0]) == {-1: 2, 0: 1, 1: 1}
