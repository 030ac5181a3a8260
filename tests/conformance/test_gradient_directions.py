"""The directions along which gradients are compared: no argument hides behind another."""

import numpy as np
import pytest

from layerproof.conformance.properties.gradients import _directions

GOT = {"kernel": np.ones((30, 40)), "bias": np.ones(2), "empty": np.ones((0, 3))}


@pytest.mark.parametrize("seed", range(20))
def test_every_argument_moves_alone_and_its_errors_do_not_cancel(seed):
    directions = _directions(GOT, {}, seed)
    alone = [
        row
        for row in range(len(directions["bias"]))
        if directions["bias"][row].all() and not directions["kernel"][row].any()
    ]
    assert alone
    swapped = np.array([1.0, -1.0])
    assert any(abs(directions["bias"][row] @ swapped) > 1e-3 for row in alone)


@pytest.mark.parametrize("seed", range(20))
def test_single_elements_are_of_every_argument(seed):
    directions = _directions(GOT, {}, seed)
    moved = {name: (v != 0).reshape(len(v), -1).sum(1) for name, v in directions.items()}
    single = {name: sum(moved[name] == 1) for name in GOT}
    assert single["kernel"] >= 1
    assert single["bias"] >= 1


def test_an_element_at_a_kink_stands_still():
    kinks = {"bias": np.array([True, False])}
    directions = _directions(GOT, kinks, 0)
    assert not directions["bias"][:, 0].any()
    assert directions["bias"][:, 1].any()
