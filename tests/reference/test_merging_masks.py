"""Merging with masks: the readings of each oracle, one step and one element at a time."""

import itertools
import math

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from layerproof.reference.layers.add import Add
from layerproof.reference.layers.average import Average
from layerproof.reference.layers.concatenate import Concatenate
from layerproof.reference.layers.dot import Dot
from layerproof.reference.layers.maximum import Maximum
from layerproof.reference.layers.minimum import Minimum
from layerproof.reference.layers.multiply import Multiply
from layerproof.reference.layers.subtract import Subtract

ELEMENTWISE = [Add, Average, Maximum, Minimum, Multiply, Subtract]
SELECTING = {Multiply: math.prod, Maximum: max, Minimum: min}
"""The layers with a second reading, and what they do to Python numbers."""

MASKS = [list(row) for row in itertools.product([True, False], repeat=2)]


def draw(*shapes, seed=0):
    """Small integers as floats: exact under all of these operations."""
    rng = np.random.default_rng(seed)
    return [rng.integers(-4, 5, shape).astype(float) for shape in shapes]


def steps(*rows):
    """Four steps; mask k of step t is whether input k counts there."""
    return [np.array([[row[k] for row in rows]]) for k in range(len(rows[0]))]


@pytest.mark.parametrize("layer", ELEMENTWISE)
def test_a_step_counts_if_it_counts_in_any_input(layer):
    inputs, masks = draw((1, 4, 2), (1, 4, 2)), steps(*MASKS)
    readings = layer().mask_readings(*inputs, masks=masks)
    assert_array_equal(readings["counts in any"], [[any(row) for row in MASKS]])
    assert_array_equal(readings["counts in all"], [[all(row) for row in MASKS]])
    assert_array_equal(layer().compute_mask(*inputs, masks=masks), [[any(row) for row in MASKS]])


@pytest.mark.parametrize("layer", ELEMENTWISE)
def test_an_input_without_mask_counts_everywhere(layer):
    inputs, mask = draw((1, 4, 2), (1, 4, 2)), np.array([[True, False, True, False]])
    for masks in ((mask, None), (None, mask)):
        assert layer().compute_mask(*inputs, masks=masks) is None
        both = layer().mask_readings(*inputs, masks=masks)["counts in all"]
        assert_array_equal(both, mask)
    assert layer().compute_mask(*inputs, masks=(None, None)) is None


@pytest.mark.parametrize("layer", ELEMENTWISE)
def test_masks_are_aligned_like_their_inputs(layer):
    short, long = np.array([[True], [False]]), np.array([[True, False, False], [True, False, True]])
    inputs = draw((2, 1, 4), (2, 3, 4))
    expected = [[True] * 3, [True, False, True]]
    assert_array_equal(layer().compute_mask(*inputs, masks=(short, long)), expected)
    # A mask of the last axis but one of a lower input: (2, 3, 4) beside (2, 5, 3, 4).
    inputs, deep = draw((2, 3, 4), (2, 5, 3, 4)), np.zeros((2, 5), bool)
    merged = layer().compute_mask(*inputs, masks=(long, deep))
    assert_array_equal(merged, np.repeat(long[:, None], 5, axis=1))


@pytest.mark.parametrize("layer", SELECTING)
def test_the_other_reading_merges_only_what_counts(layer):
    inputs = draw((1, 8, 2), (1, 8, 2), (1, 8, 2), seed=5)
    rows = list(itertools.product([True, False], repeat=3))
    masks = steps(*rows)
    ignored, left_out = layer().readings({}, *inputs, masks=masks).values()
    assert_array_equal(ignored, layer()({}, *inputs))
    for t, f in np.ndindex(8, 2):
        counting = [x[0, t, f] for x, counts in zip(inputs, rows[t], strict=True) if counts]
        nothing = 0.0 if layer is Multiply else inputs[0][0, t, f]
        assert left_out[0, t, f] == (SELECTING[layer](counting) if counting else nothing)


@pytest.mark.parametrize("layer", SELECTING)
def test_the_readings_agree_without_masks(layer):
    inputs = draw((1, 4, 2), (1, 4, 2))
    ignored, left_out = layer().readings({}, *inputs, masks=(None, None)).values()
    assert_array_equal(ignored, left_out)


def test_concatenate_joins_masks_along_a_masked_axis():
    a, b = draw((1, 2, 3), (1, 3, 3))
    mask = np.array([[True, False]])
    for axis in (1, -2):
        readings = Concatenate(axis).mask_readings(a, b, masks=(mask, None))
        for joined in readings.values():
            assert_array_equal(joined, [[True, False, True, True, True]])
        assert Concatenate(axis).compute_mask(a, b, masks=(None, None)) is None


@pytest.mark.parametrize("shape", [(1, 4, 2), (1, 4, 2, 3)])
def test_concatenate_along_features_keeps_steps_that_count_in_any_input(shape):
    inputs, masks = draw(shape, shape), steps(*MASKS)
    readings = Concatenate().mask_readings(*inputs, masks=masks)
    assert_array_equal(readings["any element counts"], [[any(row) for row in MASKS]])
    assert_array_equal(readings["all elements count"], [[all(row) for row in MASKS]])
    expected = [[any(row) for row in MASKS]]
    assert_array_equal(Concatenate().compute_mask(*inputs, masks=masks), expected)
    only = Concatenate().mask_readings(*inputs, masks=(masks[0], None))
    assert_array_equal(only["any element counts"], [[True] * 4])
    assert_array_equal(only["all elements count"], masks[0])


def test_dot_gives_no_mask():
    a, b = draw((1, 4, 2), (1, 4, 2))
    assert Dot(1).compute_mask(a, b, masks=(np.ones((1, 4), bool), None)) is None
