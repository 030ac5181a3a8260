"""The activation layers against their documented formulas, element by element in mpmath."""

import itertools
import math

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from layerproof.reference import activations
from layerproof.reference.layers import ELU, LeakyReLU, PReLU, ReLU, Softmax

mpmath.mp.dps = 50
RNG = np.random.default_rng(16)
X = np.concatenate(
    [
        np.array([-np.inf, np.inf, np.nan, -0.0, 0.0, -5e-324, 5e-324, -1e300, 1e300]),
        np.array([v for p in (-1.0, 0.5, 1.0, 2.0, 6.0) for v in np.nextafter(p, [-9, p, 9])]),
        np.linspace(-30, 30, 241),
        -np.geomspace(1e-12, 40, 60),
    ]
)


def close(got: float, exact: mpf, ulp: float = 2.0) -> bool:
    if mpmath.isnan(exact) or mpmath.isinf(exact):
        return math.isnan(got) if mpmath.isnan(exact) else got == float(exact)
    return abs(mpf(got) - exact) <= ulp * mpf(math.ulp(float(exact)))


def relu_formula(x: float, largest: float | None, slope: float, threshold: float) -> mpf:
    if math.isnan(x):
        return mpf(x)
    if largest is not None and x >= largest:
        return mpf(largest)
    if threshold <= x:
        return mpf(x)
    return mpf(slope) * (mpf(x) - mpf(threshold)) if slope else mpf(0)


@pytest.mark.parametrize("largest", [None, 0.0, 0.5, 6.0])
@pytest.mark.parametrize("slope", [0.0, 0.3, 2.0])
@pytest.mark.parametrize("threshold", [0.0, 0.5, 2.0])
def test_relu_is_its_documented_formula(largest, slope, threshold):
    y = ReLU(max_value=largest, negative_slope=slope, threshold=threshold)({}, X)
    for x, got in zip(X.tolist(), y.tolist(), strict=True):
        assert close(got, relu_formula(x, largest, slope, threshold)), (x, got)


def test_relu_arguments_in_documented_order():
    assert ReLU(6.0, 0.5, 1.0) == ReLU(max_value=6.0, negative_slope=0.5, threshold=1.0)
    x = np.array([-10, -5, 0.0, 5, 10])
    np.testing.assert_array_equal(ReLU(10, 0.5, 0)({}, x), [-5.0, -2.5, 0.0, 5.0, 10.0])


def test_relu_agrees_with_the_function_except_at_the_threshold():
    layer = ReLU(max_value=6.0, negative_slope=0.25, threshold=0.5)({}, X)
    function = activations.relu(X, negative_slope=0.25, max_value=6.0, threshold=0.5)
    np.testing.assert_array_equal(layer[X != 0.5], function[X != 0.5])
    assert set(layer[X == 0.5]) == {0.5}
    assert set(function[X == 0.5]) == {0.0}


@pytest.mark.parametrize("slope", [0.0, 0.01, 0.3, 1.0, 2.5])
def test_leaky_relu_is_its_documented_formula(slope):
    finite = X[np.isfinite(X)]
    for x, got in zip(finite.tolist(), LeakyReLU(slope)({}, finite).tolist(), strict=True):
        assert close(got, mpf(slope) * x if x < 0 else mpf(x)), x


def test_leaky_relu_beyond_the_finite():
    y = LeakyReLU()({}, np.array([-np.inf, np.inf, np.nan, -10.0]))
    np.testing.assert_array_equal(y, [-np.inf, np.inf, np.nan, -3.0])


@pytest.mark.parametrize("alpha", [1.0, 0.3, 2.0, 0.0, -1.0])
def test_elu_is_its_documented_formula(alpha):
    for x, got in zip(X.tolist(), ELU(alpha)({}, X).tolist(), strict=True):
        exact = mpf(alpha) * mpmath.expm1(x) if x < 0 else mpf(x)
        assert close(got, exact), x


# ---- PReLU ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shared", "shape"),
    [
        (None, (3, 4, 3)),
        ([1], (1, 4, 3)),
        ([1, 2], (1, 1, 3)),
        ([2, 1], (1, 1, 3)),
        ((3,), (3, 4, 1)),
        (2, (3, 1, 3)),
        ([-1], (3, 4, 1)),
        ([-1, 3], (3, 4, 1)),
        ([1, 2, 3], (1, 1, 1)),
        ([], (3, 4, 3)),
    ],
)
def test_prelu_slope_by_slope(shared, shape):
    layer = PReLU(shared_axes=shared)
    x = RNG.normal(size=(3, 3, 4, 3))
    assert layer.weights(x.shape) == {"alpha": shape}

    alpha = RNG.normal(size=shape)
    y = layer({"alpha": alpha}, x)
    for place in np.ndindex(*x.shape):
        own = tuple(0 if n == 1 else i for i, n in zip(place[1:], shape, strict=True))
        v = mpf(float(x[place]))
        exact = mpf(float(alpha[own])) * v if v < 0 else v
        assert close(float(y[place]), exact, 0.5), place


def test_prelu_looks_at_alpha_on_the_left_only():
    x = np.array([[-2.0, -0.0, 0.0, 3.0, np.inf, np.nan]])
    with np.errstate(invalid="ignore"):
        y = PReLU()({"alpha": np.array([np.nan, 5.0, 5.0, np.nan, 0.0, 1.0])}, x)
    np.testing.assert_array_equal(y, [[np.nan, 0, 0, 3, np.inf, np.nan]])


def test_prelu_of_a_batch_of_scalars():
    assert PReLU().weights((5,)) == {"alpha": ()}
    np.testing.assert_array_equal(PReLU()({"alpha": np.array(2.0)}, np.array([-1.0, 1.0])), [-2, 1])


def test_prelu_keeps_what_it_is_given():
    layer = PReLU("ones", "l2", "non_neg", (1,))
    assert layer.alpha_initializer == "ones"
    assert (layer.alpha_regularizer, layer.alpha_constraint) == ("l2", "non_neg")
    assert layer.shared_axes == (1,)
    assert PReLU().alpha_initializer == "Zeros"


# ---- Softmax -------------------------------------------------------------------------------------


def softmax_formula(x: np.ndarray, axes: tuple[int, ...], mask: np.ndarray | None) -> dict:
    """Place -> exp(x) / Σ exp(x), over the places that differ from it only on ``axes``."""
    keep = np.ones(x.shape, bool) if mask is None else np.broadcast_to(mask, x.shape)
    exps = {p: mpmath.exp(float(x[p])) if keep[p] else mpf(0) for p in np.ndindex(*x.shape)}
    axes = tuple(a % x.ndim for a in axes)
    result = {}
    for place, numerator in exps.items():
        ranges = [range(x.shape[a]) if a in axes else [place[a]] for a in range(x.ndim)]
        mates = list(itertools.product(*ranges))
        total = mpmath.fsum(exps[m] for m in mates)
        result[place] = numerator / total if total else mpf(0)
    return result


MASKS = [None, (3, 3, 4), (3, 1, 4), (1, 3, 1), (1, 1, 1), (4,), (3, 1), (3, 4)]


@pytest.mark.parametrize("axis", [-1, 0, 1, (1, 2), [0, -1], (2, 0, 1), (1,)])
@pytest.mark.parametrize("mask_shape", MASKS)
def test_softmax_place_by_place(axis, mask_shape):
    x = RNG.normal(size=(3, 3, 4)) * 3
    mask = None if mask_shape is None else RNG.random(mask_shape) < 0.6
    y = Softmax(axis=axis)({}, x, mask=mask)

    axes = (axis,) if isinstance(axis, int) else tuple(axis)
    exact = softmax_formula(x, axes, mask)
    for place, value in exact.items():
        assert close(float(y[place]), value, 40), place
    assert set(np.ndindex(*y.shape)) == set(exact)


def test_softmax_documented_example():
    y = Softmax()({}, np.array([1.0, 2.0, 1.0]))
    np.testing.assert_array_equal(y.round(8), [0.21194156, 0.57611688, 0.21194156])


def test_softmax_with_everything_masked_is_zero():
    x = np.array([[5.0, -1e300, 7.0, 0.0], [0.0, np.log(3.0), 9.0, np.nan]])
    mask = np.array([[False] * 4, [True, True, False, False]])
    y = Softmax()({}, x, mask=mask)
    np.testing.assert_allclose(y, [[0] * 4, [0.25, 0.75, 0, 0]], rtol=1e-15)


def test_softmax_forgets_a_masked_value_however_large_beside_those_kept():
    x = np.array([[-1e6, 0.0, -1e6, 1e300, np.nan, np.inf]])
    y = Softmax()({}, x, mask=np.array([True, False, True, False, False, False]))
    np.testing.assert_array_equal(y, [[0.5, 0, 0.5, 0, 0, 0]])


def test_softmax_takes_ones_and_zeros_for_a_mask():
    x, mask = RNG.normal(size=(2, 3)), np.array([[1, 0, 1]])
    expected = Softmax()({}, x, mask=mask == 1)
    np.testing.assert_array_equal(Softmax()({}, x, mask=mask), expected)
    np.testing.assert_array_equal(Softmax()({}, x, mask=mask.astype(np.float32)), expected)


# ---- all five ------------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", [ReLU(), Softmax(), LeakyReLU(), ELU()])
def test_no_weights_and_the_same_shape(layer):
    for shape in [(1,), (0, 3), (2, 1, 3), (2, 3, 4, 5, 2)]:
        assert layer.weights(shape) == {}
        assert layer({}, np.zeros(shape)).shape == shape


@pytest.mark.parametrize(
    ("layer", "arguments", "message"),
    [
        (ReLU, {"max_value": -1.0}, "max_value=-1.0"),
        (ReLU, {"negative_slope": -0.5}, "negative_slope=-0.5"),
        (ReLU, {"negative_slope": None}, "negative_slope=None"),
        (ReLU, {"threshold": -2.0}, "threshold=-2.0"),
        (ReLU, {"threshold": None}, "threshold=None"),
        (LeakyReLU, {"negative_slope": -0.1}, "negative_slope=-0.1"),
        (LeakyReLU, {"negative_slope": None}, "negative_slope=None"),
        (Softmax, {"axis": ()}, r"axis=\(\) is empty"),
    ],
)
def test_invalid_arguments_are_refused_with_their_value(layer, arguments, message):
    with pytest.raises(ValueError, match=message):
        layer(**arguments)


@pytest.mark.parametrize("shared", [[0], [3], [-3], [1, 0], 7])
def test_prelu_refuses_the_batch_axis_and_missing_ones(shared):
    with pytest.raises(ValueError, match="shared_axes="):
        PReLU(shared_axes=shared).weights((2, 3, 4))


@pytest.mark.parametrize("shape", [(2, 4), (3, 2), (1, 2, 3), (5,)])
def test_softmax_refuses_a_mask_that_does_not_broadcast(shape):
    with pytest.raises(ValueError, match="mask of shape"):
        Softmax()({}, np.zeros((2, 3)), mask=np.ones(shape, bool))


@pytest.mark.parametrize("axis", [2, (0, 2), (1, 1), (1, -1)])
def test_softmax_refuses_a_missing_or_repeated_axis(axis):
    for mask in [None, np.ones((2, 3), bool)]:
        with pytest.raises(ValueError, match="axis"):
            Softmax(axis=axis)({}, np.zeros((2, 3)), mask=mask)
