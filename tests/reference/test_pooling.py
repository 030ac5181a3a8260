"""Chapter 8, pooling: every oracle against loops over the positions that exist."""

import itertools
from dataclasses import fields, replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from layerproof.conformance.bounds import expect
from layerproof.reference.layers.average_pooling import (
    AveragePooling1D,
    AveragePooling2D,
    AveragePooling3D,
)
from layerproof.reference.layers.global_average_pooling import (
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalAveragePooling3D,
)
from layerproof.reference.layers.global_max_pooling import (
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    GlobalMaxPooling3D,
)
from layerproof.reference.layers.max_pooling import MaxPooling1D, MaxPooling2D, MaxPooling3D

MAXIMA = {1: MaxPooling1D, 2: MaxPooling2D, 3: MaxPooling3D}
MEANS = {1: AveragePooling1D, 2: AveragePooling2D, 3: AveragePooling3D}
GLOBAL_MAXIMA = {1: GlobalMaxPooling1D, 2: GlobalMaxPooling2D, 3: GlobalMaxPooling3D}
GLOBAL_MEANS = {1: GlobalAveragePooling1D, 2: GlobalAveragePooling2D, 3: GlobalAveragePooling3D}
WINDOWED = [*MAXIMA.values(), *MEANS.values()]
GLOBAL = [*GLOBAL_MAXIMA.values(), *GLOBAL_MEANS.values()]

SPATIAL = (7, 5, 4)
GEOMETRIES = [  # pool_size, strides: overlapping, apart, with gaps, one per axis
    (1, None),
    (2, None),
    (3, None),
    (3, 1),
    (2, 1),
    (3, 2),
    (2, 3),
    (4, 3),
    ((2, 3, 1), None),
    ((3, 2, 4), (1, 3, 2)),
    ([1, 3, 2], [2, 1, 3]),
]


def drawn(rank, seed=0):
    return np.random.default_rng(seed).standard_normal((2, *SPATIAL[:rank], 3)) - 2.0


def swapped(x):
    """channels_last as channels_first."""
    return np.moveaxis(x, -1, 1)


def positions(padding, n, size, stride):
    """For every window of one axis, the positions of x in it."""
    if padding == "valid":
        return [range(p, p + size) for p in range(0, n - size + 1, stride)]
    starts = list(range(0, n, stride))
    missing = max(starts[-1] + size - n, 0)
    return [range(max(p - missing // 2, 0), min(p - missing // 2 + size, n)) for p in starts]


def pooled(x, padding, size, strides, function):
    axes = [positions(padding, *axis) for axis in zip(x.shape[1:-1], size, strides, strict=True)]
    y = [
        function(x[:, *np.ix_(*at)], tuple(range(1, x.ndim - 1))) for at in itertools.product(*axes)
    ]
    return np.stack(y, 1).reshape(x.shape[0], *map(len, axes), x.shape[-1])


def cut(value, rank):
    return value if value is None or isinstance(value, int) else value[:rank]


def per_axis(value, rank):
    return (value,) * rank if isinstance(value, int) else tuple(value)


@pytest.mark.parametrize(("size", "strides"), GEOMETRIES)
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("rank", [1, 2, 3])
def test_pooling_is_the_loop_over_the_positions_inside(rank, padding, size, strides):
    size, strides = cut(size, rank), cut(strides, rank)
    each = per_axis(size, rank)
    x = drawn(rank)
    for layers, function in ((MAXIMA, np.max), (MEANS, np.mean)):
        layer = layers[rank](size, strides, padding)
        expected = pooled(x, padding, each, per_axis(strides or size, rank), function)
        assert_allclose(layer({}, x), expected, rtol=1e-14)
        first = replace(layer, data_format="channels_first", padding=padding.upper())
        assert_array_equal(first({}, swapped(x)), swapped(layer({}, x)))
        assert layer.weights(x.shape) == first.weights(swapped(x).shape) == {}


def test_the_examples_of_the_documentation():
    x = np.arange(1.0, 6.0).reshape(1, 5, 1)

    def row(layer):
        return layer({}, x).ravel().tolist()

    assert row(MaxPooling1D(2, 1)) == [2, 3, 4, 5]
    assert row(MaxPooling1D(2, 2)) == [2, 4]
    assert row(MaxPooling1D(2, 1, "same")) == [2, 3, 4, 5, 5]
    assert row(AveragePooling1D(2, 1)) == [1.5, 2.5, 3.5, 4.5]
    assert row(AveragePooling1D(2, 2)) == [1.5, 3.5]
    assert row(AveragePooling1D(2, 1, "same")) == [1.5, 2.5, 3.5, 4.5, 5]


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_nan_and_infinity_stay_in_their_windows(padding):
    x = np.arange(8.0).reshape(1, 8, 1)
    x = np.concatenate([np.where(x == 3, value, x) for value in (np.nan, np.inf, -np.inf)], -1)
    with np.errstate(invalid="raise"):
        largest, mean = (
            layer(2, padding=padding)({}, x)[0] for layer in (MaxPooling1D, AveragePooling1D)
        )
    assert_array_equal(largest[1], [np.nan, np.inf, 2])
    assert_array_equal(mean[1], [np.nan, np.inf, -np.inf])
    assert np.isfinite(np.delete(largest, 1, 0)).all()
    assert np.isfinite(np.delete(mean, 1, 0)).all()


def test_what_is_padded_never_is_the_maximum():
    x = np.full((1, 3, 3, 1), -5.0)
    assert_array_equal(MaxPooling2D(3, 1, "same")({}, x), x)
    assert_array_equal(MaxPooling2D(3, 1, "same")({}, np.full_like(x, -np.inf)), x - np.inf)


@pytest.mark.parametrize("dtype", ["uint8", "int32"])
def test_pooling_of_integers(dtype):
    x = (np.arange(5) + 250).astype(dtype).reshape(1, 5, 1)
    y = MaxPooling1D(2, padding="same")({}, x)
    assert y.dtype == dtype
    assert y.ravel().tolist() == [251, 253, 254]
    assert AveragePooling1D(2, padding="same")({}, x).ravel().tolist() == [250.5, 252.5, 254]


# ---- global --------------------------------------------------------------------------------------


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("rank", [1, 2, 3])
def test_global_pooling_is_the_window_of_everything(rank, keepdims):
    x = drawn(rank)
    for layers, windowed in ((GLOBAL_MAXIMA, MAXIMA), (GLOBAL_MEANS, MEANS)):
        expected = windowed[rank](SPATIAL[:rank])({}, x)
        last = layers[rank](keepdims=keepdims)
        first = layers[rank]("channels_first", keepdims)
        flat = expected.reshape(2, 3)
        assert_allclose(last({}, x), expected if keepdims else flat, rtol=1e-14)
        assert_allclose(first({}, swapped(x)), swapped(expected) if keepdims else flat, rtol=1e-14)
        assert last.weights(x.shape) == first.weights(swapped(x).shape) == {}


@pytest.mark.parametrize("kind", [bool, int, float])
@pytest.mark.parametrize("keepdims", [False, True])
def test_the_masked_mean_is_that_of_the_steps_kept(kind, keepdims):
    x = drawn(1)
    kept = [[0, 2, 6], [4]]
    mask = np.zeros((2, 7), kind)
    for example, steps in enumerate(kept):
        mask[example, steps] = 1
    expected = np.stack([x[i, steps].mean(0) for i, steps in enumerate(kept)])
    expected = expected[:, None] if keepdims else expected
    assert_allclose(GlobalAveragePooling1D(None, keepdims)({}, x, mask=mask), expected, rtol=1e-14)
    first = GlobalAveragePooling1D("channels_first", keepdims)({}, swapped(x), mask=mask)
    assert_allclose(first, swapped(expected) if keepdims else expected, rtol=1e-14)


def test_a_masked_step_may_hold_anything():
    mask = np.array([[True, False, True]])
    for odd in (np.nan, np.inf, -np.inf):
        x = np.array([[[1.0], [odd], [4.0]]])
        assert_array_equal(GlobalAveragePooling1D()({}, x, mask=mask), [[2.5]])


def test_readings_differ_where_everything_is_masked():
    x, mask = np.ones((2, 3, 1)), np.array([[False] * 3, [True] * 3])
    layer = GlobalAveragePooling1D()
    nan, zero = layer.readings({}, x, mask=mask).values()
    assert_array_equal(nan, [[np.nan], [1]])
    assert_array_equal(layer({}, x, mask=mask), nan)
    assert_array_equal(zero, [[0], [1]])
    first, second = layer.readings({}, x).values()
    assert_array_equal(first, second)


@pytest.mark.parametrize("shape", [(2, 3), (3, 2), (2, 3, 1), (2,)])
def test_a_mask_of_another_shape_is_refused(shape):
    layer, x = GlobalAveragePooling1D("channels_first"), np.ones((2, 5, 3))
    if shape == (2, 3):
        assert_array_equal(layer({}, x, mask=np.ones(shape, bool)), np.ones((2, 5)))
        return
    with pytest.raises(ValueError, match=r"mask of shape .* want \(2, 3\)"):
        layer({}, x, mask=np.ones(shape, bool))


# ---- for all of them -----------------------------------------------------------------------------


def rank_of(layer):
    return int(layer.__name__[-2])


def of(layer):
    return layer() if layer in GLOBAL else layer(2)


def test_the_arguments_are_the_documented_ones_in_their_order():
    for layer in WINDOWED:
        names = [field.name for field in fields(layer)]
        assert names == ["pool_size", "strides", "padding", "data_format"]
    for layer in GLOBAL:
        assert [field.name for field in fields(layer)] == ["data_format", "keepdims"]
    assert [layer().pool_size for layer in MAXIMA.values()] == [2, (2, 2), (2, 2, 2)]
    for layer in MEANS.values():
        with pytest.raises(TypeError, match="pool_size"):
            layer()


@pytest.mark.parametrize("layer", WINDOWED)
@pytest.mark.parametrize(
    "config",
    [
        *[{name: value} for name in ("pool_size", "strides") for value in (0, -1, (1, 1, 1, 1))],
        *[{"padding": value} for value in ("causal", "full", "", None)],
        {"data_format": "channels"},
    ],
    ids=str,
)
def test_documented_errors_on_construction(layer, config):
    with pytest.raises(ValueError, match=next(iter(config))):
        layer(**{"pool_size": 2, **config})


@pytest.mark.parametrize("layer", GLOBAL)
def test_an_unknown_data_format_is_refused(layer):
    with pytest.raises(ValueError, match="data_format"):
        layer("CHANNELS_LAST")


@pytest.mark.parametrize("layer", [*WINDOWED, *GLOBAL])
def test_an_input_of_another_rank_is_refused(layer):
    x = np.ones((2, *SPATIAL[: rank_of(layer)], 3))
    of(layer)({}, x)
    for wrong in (x[0], x[None]):
        with pytest.raises(ValueError, match="axes"):
            of(layer)({}, wrong)
        with pytest.raises(ValueError, match="axes"):
            of(layer).weights(wrong.shape)


@pytest.mark.parametrize("layer", WINDOWED)
def test_a_window_that_does_not_fit_is_refused(layer):
    x = np.ones((2, *(3, 3, 3)[: rank_of(layer)], 3))
    for call in (lambda: layer(4)({}, x), lambda: layer(4).weights(x.shape)):
        with pytest.raises(ValueError, match="no window"):
            call()
    assert layer(4, padding="same")({}, x).shape == (2, *(1, 1, 1)[: rank_of(layer)], 3)


@pytest.mark.parametrize("layer", GLOBAL)
def test_nothing_to_pool_is_refused(layer):
    x = np.ones((2, 0, *(2, 2)[: rank_of(layer) - 1], 3))
    for call in (lambda: layer()({}, x), lambda: layer().weights(x.shape)):
        with pytest.raises(ValueError, match="nothing to pool"):
            call()


@pytest.mark.parametrize("layer", [*WINDOWED, *GLOBAL])
def test_no_mask_and_an_empty_batch(layer):
    x = np.ones((0, *SPATIAL[: rank_of(layer)], 3))
    assert of(layer)({}, x).shape[0] == 0
    assert of(layer).compute_mask(x, masks=(np.ones(x.shape[:2], bool),)) is None


@pytest.mark.parametrize("layer", [*WINDOWED, *GLOBAL])
def test_the_bounds_engine_runs_the_oracle(layer):
    """It gives the oracle's value, and a bound that is not 0."""
    x = drawn(rank_of(layer)).astype("float32").astype(float)
    oracles = (
        [of(layer)] if layer in GLOBAL else [layer(3, 2, padding) for padding in ("valid", "same")]
    )
    for oracle in oracles:
        (expected,) = expect(
            lambda arrays, of=oracle: (of({}, arrays["x"]),), {"x": x}, "float32", 0
        )
        assert_allclose(expected.value, oracle({}, x), rtol=1e-14)
        assert 0 < expected.sigma.max() < 1e-5


def test_the_bounds_engine_runs_the_masked_mean():
    x, mask = drawn(1), np.array([[True, False] * 3 + [True], [False] * 6 + [True]])
    layer = GlobalAveragePooling1D()
    (expected,) = expect(
        lambda arrays: (layer({}, arrays["x"], mask=mask),), {"x": x}, "float64", 0
    )
    assert_allclose(expected.value, layer({}, x, mask=mask), rtol=1e-14)
