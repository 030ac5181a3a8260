"""Chapter 15, merging: every oracle against a second formulation that shares no code with it."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from layerproof.reference.layers.add import Add
from layerproof.reference.layers.average import Average
from layerproof.reference.layers.concatenate import Concatenate
from layerproof.reference.layers.dot import Dot
from layerproof.reference.layers.maximum import Maximum
from layerproof.reference.layers.minimum import Minimum
from layerproof.reference.layers.multiply import Multiply
from layerproof.reference.layers.subtract import Subtract

SCALAR = {
    Add: sum,
    Average: lambda values: sum(values) / len(values),
    Maximum: max,
    Minimum: min,
    Multiply: math.prod,
    Subtract: lambda values: values[0] - values[1],
}
"""What each layer does to Python numbers."""

ELEMENTWISE = list(SCALAR)


def draw(*shapes, seed=0):
    """Small integers as floats: exact under all of these operations."""
    rng = np.random.default_rng(seed)
    return [rng.integers(-4, 5, shape).astype(float) for shape in shapes]


def by_loops(layer, inputs):
    """One output element at a time, looking up each input's element by hand."""
    rank = max(x.ndim for x in inputs)
    padded = [(x.shape[0], *(1,) * (rank - x.ndim), *x.shape[1:]) for x in inputs]
    y = np.empty([max(sizes) if min(sizes) else 0 for sizes in zip(*padded, strict=True)])
    for index in np.ndindex(y.shape):
        values = []
        for x in inputs:
            own = (index[0], *index[rank - x.ndim + 1 :])
            values.append(float(x[tuple(min(i, n - 1) for i, n in zip(own, x.shape, strict=True))]))
        y[index] = SCALAR[layer](values)
    return y


SHAPES = [
    [(2, 3), (2, 3)],
    [(2,), (2,)],
    [(2, 3, 4), (2, 3, 4)],
    [(2, 1, 4), (2, 3, 1)],
    [(3, 3, 3), (3, 3)],
    [(2, 4), (2, 3, 4)],
    [(2, 3, 4, 5), (2, 5)],
    [(2, 3, 4, 5), (2, 4, 1)],
    [(2, 3), (2,)],
    [(0, 3), (0, 3)],
    [(2, 0), (2, 1)],
    [(1, 1), (1, 1)],
]


@pytest.mark.parametrize("layer", ELEMENTWISE)
@pytest.mark.parametrize("shapes", SHAPES, ids=str)
def test_elementwise_merges_two(layer, shapes):
    inputs = draw(*shapes)
    assert_array_equal(layer()({}, *inputs), by_loops(layer, inputs))
    assert layer().weights(*shapes) == {}


@pytest.mark.parametrize("layer", sorted(set(ELEMENTWISE) - {Subtract}, key=str))
@pytest.mark.parametrize("n", [1, 3, 5])
def test_elementwise_merges_any_number(layer, n):
    inputs = draw(*[(2, 3, 2)] * n, seed=n)
    assert_allclose(layer()({}, *inputs), by_loops(layer, inputs), rtol=1e-15)


@pytest.mark.parametrize("layer", ELEMENTWISE)
def test_the_batch_axis_is_not_broadcast_against_another_axis(layer):
    wide, low = draw((3, 3, 3), (3, 3), seed=7)
    by_sample = np.stack([layer()({}, a[None], b[None])[0] for a, b in zip(wide, low, strict=True)])
    assert_array_equal(layer()({}, wide, low), by_sample)


@pytest.mark.parametrize("layer", ELEMENTWISE)
@pytest.mark.parametrize("dtype", ["int32", "uint8", "int64"])
def test_integers_stay_integers_but_for_their_mean(layer, dtype):
    a, b = np.array([[7, 5, 200]], dtype), np.array([[2, 4, 100]], dtype)
    y = layer()({}, a, b)
    assert y.dtype == ("float64" if layer is Average else dtype)
    exact = [SCALAR[layer](values) for values in zip(a[0].tolist(), b[0].tolist(), strict=True)]
    wrapped = exact if layer is Average else [int(v) % 256 for v in exact]
    assert y[0].tolist() == (wrapped if dtype == "uint8" else exact)


@pytest.mark.parametrize("layer", [Maximum, Minimum])
def test_nan_propagates_through_maximum_and_minimum(layer):
    a, b = np.array([[np.nan, 1.0, np.nan]]), np.array([[1.0, np.nan, np.nan]])
    assert np.isnan(layer()({}, a, b)).all()


@pytest.mark.parametrize("layer", ELEMENTWISE)
@pytest.mark.parametrize(
    "shapes",
    [[], [(2, 3), (2, 4)], [(2, 3, 4), (2, 2, 4)], [(2, 3), (1, 3)], [(2, 3, 4), (2, 3)], [(), ()]],
    ids=str,
)
def test_what_does_not_match_is_refused(layer, shapes):
    inputs = [np.zeros(shape) for shape in shapes]
    with pytest.raises(ValueError, match=r"shape|batch|inputs"):
        layer()({}, *inputs)
    with pytest.raises(ValueError, match=r"shape|batch|inputs"):
        layer().weights(*shapes)


@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize("layer", [Subtract(), Dot(1)])
def test_subtract_and_dot_take_exactly_two(layer, n):
    with pytest.raises(ValueError, match="exactly 2"):
        layer({}, *draw(*[(2, 3)] * n))
    with pytest.raises(ValueError, match="exactly 2"):
        layer.weights(*[(2, 3)] * n)


# ---- Concatenate ---------------------------------------------------------------------------------


@pytest.mark.parametrize("axis", [-3, -2, -1, 0, 1, 2])
@pytest.mark.parametrize("lengths", [(2,), (1, 3), (2, 0, 2), (2, 2)])
def test_concatenate_writes_the_inputs_side_by_side(axis, lengths):
    shape = [2, 2, 2]
    shapes = []
    for n in lengths:
        shape[axis] = n
        shapes.append(tuple(shape))
    inputs = draw(*shapes)
    y = Concatenate(axis)({}, *inputs)
    shape[axis] = sum(lengths)
    assert y.shape == tuple(shape)
    for index in np.ndindex(y.shape):
        rest, which = index[axis], 0
        while rest >= lengths[which]:
            rest, which = rest - lengths[which], which + 1
        source = list(index)
        source[axis] = rest
        assert y[index] == inputs[which][tuple(source)]


@pytest.mark.parametrize(
    ("axis", "shapes"),
    [
        (-1, []),
        (1, [(2, 3, 4), (2, 3, 5)]),
        (-1, [(2, 3, 4), (2, 4)]),
        (-1, [(2, 3), (3, 3)]),
        (2, [(2, 3), (2, 3)]),
        (-3, [(2, 3), (2, 3)]),
        (1, [(2, 3), (2, 3, 1)]),
    ],
)
def test_concatenate_refuses_what_does_not_fit(axis, shapes):
    with pytest.raises(ValueError, match=r"shape|inputs"):
        Concatenate(axis).weights(*shapes)
    with pytest.raises(ValueError, match=r"shape|inputs"):
        Concatenate(axis)({}, *(np.zeros(shape) for shape in shapes))


# ---- Dot -----------------------------------------------------------------------------------------


def dot_by_einsum(a, b, i, j):
    """The same contraction, with a letter for every axis."""
    left, right = list("abcdefgh"[: a.ndim]), list("ijklmnop"[: b.ndim])
    left[0] = right[0] = "z"
    left[i] = right[j] = "y"
    out = ["z", *(c for c in left + right if c not in "zy")]
    y = np.einsum(f"{''.join(left)},{''.join(right)}->{''.join(out)}", a, b)
    return y[:, None] if y.ndim == 1 else y


DOTS = [
    ((2, 3), (2, 3), 1),
    ((2, 3), (2, 3), -1),
    ((2, 3, 5), (2, 10, 3), (1, 2)),
    ((3, 3, 3), (3, 3, 3), (1, 2)),
    ((3, 3, 3), (3, 3, 3), [2, -1]),
    ((2, 3, 4), (2, 4), (2, 1)),
    ((2, 4), (2, 3, 4), (-1, -1)),
    ((2, 3, 4), (2, 3, 4), 2),
    ((2, 3, 5, 4), (2, 6, 3, 7), (1, 2)),
    ((2, 3, 4), (2, 6, 7, 3), (1, 3)),
    ((0, 3), (0, 3), 1),
    ((2, 0), (2, 0), 1),
    ((2, 3, 0), (2, 3, 4), 1),
]


@pytest.mark.parametrize(("first", "second", "axes"), DOTS, ids=str)
def test_dot_contracts_the_two_axes(first, second, axes):
    a, b = draw(first, second)
    i, j = (axes, axes) if isinstance(axes, int) else axes
    assert_array_equal(Dot(axes)({}, a, b), dot_by_einsum(a, b, i, j))


@pytest.mark.parametrize(("first", "second", "axes"), DOTS, ids=str)
def test_dot_normalized_is_the_cosine(first, second, axes):
    a, b = draw(first, second, seed=1)
    i, j = (axes, axes) if isinstance(axes, int) else axes
    unit_a, unit_b = (
        np.apply_along_axis(lambda v: v / (math.hypot(*v) or 1.0), axis, x) if x.size else x
        for x, axis in ((a, i), (b, j))
    )
    expected = dot_by_einsum(unit_a, unit_b, i, j)
    assert_allclose(Dot(axes, normalize=True)({}, a, b), expected, rtol=1e-14, atol=1e-15)


def test_dot_normalized_divides_short_slices_by_epsilon():
    a, b = np.array([[3e-9, 4e-9], [0.0, 0.0], [3e-7, 4e-7]]), np.array([[1.0, 0.0]] * 3)
    short, zero, long = Dot(1, normalize=True)({}, a, b)[:, 0]
    assert_allclose([short, zero, long], [0.03, 0.0, 0.6], rtol=1e-14)
    _, squared = Dot(1, normalize=True).readings({}, a, b).values()
    assert_allclose(squared[:, 0], [0.003, 0.0, 0.3], rtol=1e-14)
    assert list(Dot(1).readings({}, a, b)) == ["documented"]


@pytest.mark.parametrize("axes", [1.5, (1,), (1, 2, 3), "12", (1, 1.0), None])
def test_dot_refuses_axes_that_are_not_one_or_two_ints(axes):
    with pytest.raises(ValueError, match="axes"):
        Dot(axes)


@pytest.mark.parametrize(
    ("axes", "shapes"),
    [
        (0, [(2, 2), (2, 2)]),
        ((0, 1), [(2, 2), (2, 2)]),
        ((1, 0), [(2, 2), (2, 2)]),
        (-2, [(2, 2), (2, 2)]),
        (2, [(2, 2), (2, 2)]),
        (-4, [(2, 2, 2), (2, 2, 2)]),
        ((1, 2), [(2, 3, 4), (2, 3, 4)]),
        (1, [(2, 3), (1, 3)]),
    ],
)
def test_dot_refuses_axes_that_do_not_fit(axes, shapes):
    with pytest.raises(ValueError, match=r"ax|batch"):
        Dot(axes).weights(*shapes)
    with pytest.raises(ValueError, match=r"ax|batch"):
        Dot(axes)({}, *draw(*shapes))
