"""Every pair of a recurrent layer's options meets, in all four ways, within a standard survey."""

from itertools import combinations, product

import pytest

from layerproof.conformance.coverage import Coverage
from layerproof.conformance.pairs import OPTIONS, OWN
from layerproof.conformance.profiles import PROFILES
from layerproof.conformance.reproducible import Enough, draw
from layerproof.conformance.specs import all_specs


@pytest.mark.parametrize("item", OWN)
@pytest.mark.parametrize("seed", [0, 1])
def test_all_pairs_meet(item, seed):
    counts = drawn(item, seed)
    missing = [
        (a, x, b, y)
        for (a, b), (x, y) in product(
            combinations(OPTIONS | OWN[item], 2), product(("on", "off"), repeat=2)
        )
        if not counts.get(f"(pairs) {a}", {}).get(f"{x}, {b} {y}")
    ]
    assert missing == []


def drawn(item, seed):
    """The coverage of as many cases as a standard survey has in all dtypes."""
    coverage, left = Coverage(), sum(PROFILES["standard"].cases.values())

    def visit(case):
        nonlocal left
        left -= 1
        if left < 0:
            raise Enough
        coverage.add(case)

    draw(all_specs()[item].cases("float32"), visit, seed, 100)
    return coverage.counts[item]
