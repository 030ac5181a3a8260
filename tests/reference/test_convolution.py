"""Chapter 7, convolution: every oracle against loops, SciPy, and identities between the layers."""

import itertools
from dataclasses import fields, replace

import numpy as np
import pytest
import scipy.signal
from numpy.testing import assert_allclose, assert_array_equal

from layerproof.conformance.bounds import expect
from layerproof.reference import attachments
from layerproof.reference.layers.conv import Conv1D, Conv2D, Conv3D
from layerproof.reference.layers.conv_transpose import (
    Conv1DTranspose,
    Conv2DTranspose,
    Conv3DTranspose,
)
from layerproof.reference.layers.depthwise_conv import DepthwiseConv1D, DepthwiseConv2D
from layerproof.reference.layers.separable_conv import SeparableConv1D, SeparableConv2D

CONVS = {1: Conv1D, 2: Conv2D, 3: Conv3D}
TRANSPOSED = {1: Conv1DTranspose, 2: Conv2DTranspose, 3: Conv3DTranspose}
DEPTHWISE = {1: DepthwiseConv1D, 2: DepthwiseConv2D}
SEPARABLE = {1: SeparableConv1D, 2: SeparableConv2D}

SPATIAL = (6, 5, 4)
GEOMETRIES = [  # size, strides, dilation_rate: all the same, one per axis, stride > size, …
    (1, 1, 1),
    (3, 1, 1),
    (2, 2, 1),
    (3, 2, 1),
    (1, 3, 1),
    (2, 1, 2),
    ((3, 2, 1), (1, 1, 1), (1, 2, 3)),
    ((2, 3, 4), (3, 1, 2), (1, 1, 1)),
    ((4, 1, 2), (2, 3, 1), (1, 1, 1)),
]
CASES = [
    (rank, padding, *geometry)
    for rank, padding, geometry in itertools.product((1, 2, 3), ("valid", "same"), GEOMETRIES)
]
FLAT = [case for case in CASES if case[0] < 3]


def geometry_of(rank, size, strides, dilation):
    """The arguments, and the same with one entry per axis."""
    cut = [v if isinstance(v, int) else v[:rank] for v in (size, strides, dilation)]
    return cut, [(v,) * rank if isinstance(v, int) else v for v in cut]


def drawn(shapes, seed=0):
    """Small integers, so that every sum is exact and the comparison too."""
    rng = np.random.default_rng(seed)
    return {role: rng.integers(-4, 5, shape).astype(float) for role, shape in shapes.items()}


def drawn_x(rank, channels, seed=1):
    return drawn({"x": (2, *SPATIAL[:rank], channels)}, seed)["x"]


def swapped(x):
    """channels_last as channels_first."""
    return np.moveaxis(x, -1, 1)


def room(padding, n, size, stride, dilation):
    """(before, outputs) of one axis, by counting windows one position of padding at a time."""
    reach = (size - 1) * dilation

    def windows(total):
        return len(range(0, n + total - reach, stride))

    if padding == "valid":
        return 0, windows(0)
    if padding == "causal":
        return reach, windows(reach)
    wanted = sum(1 for _ in range(0, n, stride))
    total = next(t for t in itertools.count() if windows(t) >= wanted)
    return total // 2, wanted


def convolved(x, kernel, padding, strides, dilation, groups=1):
    """Tap by tap and position by position."""
    *size, per_group, filters = kernel.shape
    axes = [
        room(padding, *axis) for axis in zip(x.shape[1:-1], size, strides, dilation, strict=True)
    ]
    y = np.zeros((x.shape[0], *(out for _, out in axes), filters))
    for p in np.ndindex(y.shape[1:-1]):
        for k in np.ndindex(*size):
            at = [
                i * s + j * d - b
                for i, j, s, d, (b, _) in zip(p, k, strides, dilation, axes, strict=True)
            ]
            if any(not 0 <= i < n for i, n in zip(at, x.shape[1:-1], strict=True)):
                continue
            for f in range(filters):
                first = f // (filters // groups) * per_group
                seen = x[(slice(None), *at)][:, first : first + per_group]
                y[(slice(None), *p, f)] += seen @ kernel[(*k, slice(None), f)]
    return y


# ---- Conv ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rank", "padding", "size", "strides", "dilation"), CASES)
@pytest.mark.parametrize("groups", [1, 2])
def test_conv_is_the_loop(rank, padding, size, strides, dilation, groups):
    (size, strides, dilation), (_, each_stride, each_dilation) = geometry_of(
        rank, size, strides, dilation
    )
    layer = CONVS[rank](4, size, strides, padding, None, dilation, groups)
    x = drawn_x(rank, 4)
    w = drawn(layer.weights(x.shape))
    expected = convolved(x, w["kernel"], padding, each_stride, each_dilation, groups) + w["bias"]
    assert_array_equal(layer(w, x), expected)

    first = replace(layer, data_format="channels_first", padding=padding.upper(), activation="relu")
    assert first.weights(swapped(x).shape) == layer.weights(x.shape)
    assert_array_equal(first(w, swapped(x)), swapped(np.maximum(expected, 0)))


@pytest.mark.parametrize(("size", "stride", "dilation"), [(1, 1, 1), (3, 1, 2), (2, 3, 1)])
def test_causal_is_the_loop_and_sees_no_future(size, stride, dilation):
    layer = Conv1D(3, size, stride, "causal", dilation_rate=dilation)
    x = drawn_x(1, 2)
    w = drawn(layer.weights(x.shape))
    y = layer(w, x)
    assert_array_equal(y, convolved(x, w["kernel"], "causal", (stride,), (dilation,)) + w["bias"])
    changed = np.concatenate([x[:, :3], x[:, 3:] + 7], axis=1)
    assert_array_equal(layer(w, changed)[:, : 1 + 2 // stride], y[:, : 1 + 2 // stride])
    assert (layer(w, changed) != y).any()


@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_conv_is_the_correlation_of_scipy(rank, padding):
    """The sizes are odd, as SciPy and Keras put the odd position of "same" elsewhere."""
    layer = CONVS[rank](2, (3, 1, 3)[:rank], padding=padding, use_bias=False)
    x = np.random.default_rng(2).standard_normal((2, *SPATIAL[:rank], 3))
    w = {"kernel": np.random.default_rng(3).standard_normal(layer.weights(x.shape)["kernel"])}
    expected = [
        [
            sum(
                scipy.signal.correlate(one[..., c], w["kernel"][..., c, f], padding, "direct")
                for c in range(3)
            )
            for f in range(2)
        ]
        for one in x
    ]
    assert_allclose(layer(w, x), np.moveaxis(expected, 1, -1), rtol=0, atol=1e-13)


def test_the_odd_position_of_same_padding_comes_after():
    """What TensorFlow documents: 5 positions by strides of 2 and 3, kernels of 2 and 4."""
    x = np.array([1.0, 10.0, 100.0, 1000.0, 10000.0]).reshape(1, 5, 1)

    def sums(size, stride):
        layer = Conv1D(1, size, stride, "same", use_bias=False)
        return layer({"kernel": np.ones((size, 1, 1))}, x).ravel().tolist()

    assert sums(2, 1) == [11, 110, 1100, 11000, 10000]
    assert sums(2, 2) == [11, 1100, 10000]
    assert sums(4, 2) == [111, 11110, 11000]
    assert sums(1, 3) == [1, 1000]


def test_the_groups_of_a_convolution_do_not_meet():
    layer = Conv2D(4, 2, groups=2)
    x = drawn_x(2, 6)
    w = drawn(layer.weights(x.shape))
    halves = [
        Conv2D(2, 2)(
            {"kernel": w["kernel"][..., f : f + 2], "bias": w["bias"][f : f + 2]},
            x[..., c : c + 3],
        )
        for c, f in ((0, 0), (3, 2))
    ]
    assert_array_equal(layer(w, x), np.concatenate(halves, axis=-1))


# ---- depthwise and separable ---------------------------------------------------------------------


@pytest.mark.parametrize(("rank", "padding", "size", "strides", "dilation"), FLAT)
@pytest.mark.parametrize("multiplier", [1, 3])
def test_depthwise_is_one_loop_per_channel(rank, padding, size, strides, dilation, multiplier):
    (size, strides, dilation), (_, each_stride, each_dilation) = geometry_of(
        rank, size, strides, dilation
    )
    layer = DEPTHWISE[rank](size, strides, padding, multiplier, None, dilation)
    x = drawn_x(rank, 3)
    w = drawn(layer.weights(x.shape))
    kernel = w["depthwise_kernel"]
    each = [
        convolved(x[..., [c]], kernel[..., [c], :], padding, each_stride, each_dilation)
        for c in range(3)
    ]
    expected = np.concatenate(each, axis=-1) + w["bias"]
    assert_array_equal(layer(w, x), expected)
    first = replace(layer, data_format="channels_first", activation="relu")
    assert_array_equal(first(w, swapped(x)), swapped(np.maximum(expected, 0)))


@pytest.mark.parametrize(("rank", "padding", "size", "strides", "dilation"), FLAT)
@pytest.mark.parametrize("multiplier", [1, 2])
def test_separable_is_the_convolution_with_the_product_of_its_kernels(
    rank, padding, size, strides, dilation, multiplier
):
    (size, strides, dilation), (_, each_stride, each_dilation) = geometry_of(
        rank, size, strides, dilation
    )
    layer = SEPARABLE[rank](4, size, strides, padding, None, dilation, multiplier)
    x = drawn_x(rank, 3)
    w = drawn(layer.weights(x.shape))
    pointwise = w["pointwise_kernel"].reshape(3, multiplier, 4)
    kernel = sum(
        w["depthwise_kernel"][..., [j]] * pointwise[:, j] for j in range(multiplier)
    )  # (*size, C, 4)
    expected = convolved(x, kernel, padding, each_stride, each_dilation) + w["bias"]
    assert_array_equal(layer(w, x), expected)
    first = replace(layer, data_format="channels_first", activation="relu")
    assert_array_equal(first(w, swapped(x)), swapped(np.maximum(expected, 0)))


# ---- transposed ----------------------------------------------------------------------------------


def spread(x, kernel, strides, dilation):
    """The whole sum, cut nowhere: every tap of every position of x."""
    *size, filters, _ = kernel.shape
    axes = zip(x.shape[1:-1], size, strides, dilation, strict=True)
    y = np.zeros((x.shape[0], *((n - 1) * s + (k - 1) * d + 1 for n, k, s, d in axes), filters))
    for q in np.ndindex(x.shape[1:-1]):
        for k in np.ndindex(*size):
            at = [i * s + j * d for i, j, s, d in zip(q, k, strides, dilation, strict=True)]
            y[(slice(None), *at)] += x[(slice(None), *q)] @ kernel[k].T
    return y


def paddings_below(strides):
    """None, and every output_padding below the strides (the same on every axis, then the most)."""
    most = tuple(s - 1 for s in strides)
    return [None, *range(min(strides)), most, list(most)]


@pytest.mark.parametrize(("rank", "padding", "size", "strides", "dilation"), CASES)
def test_transposed_is_the_loop_cut_to_its_length(rank, padding, size, strides, dilation):
    (size, strides, dilation), each = geometry_of(rank, size, strides, dilation)
    x = drawn_x(rank, 3)
    for extra in paddings_below(each[1]):
        layer = TRANSPOSED[rank](
            2, size, strides, padding, output_padding=extra, dilation_rate=dilation
        )
        w = drawn(layer.weights(x.shape))
        y = layer(w, x)
        expected = spread(x, w["kernel"], *each[1:])
        for axis in range(rank):
            k, s, d = (v[axis] for v in each)
            n, whole = x.shape[axis + 1], expected.shape[axis + 1]
            if extra is None:
                length = n * s if padding == "same" or k * d < s else max(whole, n * s)
            else:
                cut = ((k - 1) * d + 1) // 2 * 2 if padding == "same" else 0
                length = whole - cut + (extra if isinstance(extra, int) else extra[axis])
            before = max(whole - length, 0) // 2 if padding == "same" else 0
            indices = np.arange(before, before + length)
            taken = np.take(expected, np.minimum(indices, whole - 1), axis + 1)
            there = (indices < whole).reshape(-1, *(1,) * (rank - axis))
            expected = np.where(there, taken, 0.0)
        assert_array_equal(y, expected + w["bias"])
        first = replace(layer, data_format="channels_first", activation="relu")
        assert_array_equal(first(w, swapped(x)), swapped(np.maximum(expected + w["bias"], 0)))


@pytest.mark.parametrize(("rank", "padding", "size", "strides", "dilation"), CASES)
def test_transposed_is_the_adjoint_of_the_convolution(rank, padding, size, strides, dilation):
    """<conv(u), x> = <u, transposed(x)>, where the convolution of u has the shape of x."""
    (size, strides, dilation), each = geometry_of(rank, size, strides, dilation)
    x = drawn_x(rank, 3)
    checked = 0
    for extra in paddings_below(each[1]):
        options = {"padding": padding, "dilation_rate": dilation, "use_bias": False}
        layer = TRANSPOSED[rank](2, size, strides, output_padding=extra, **options)
        w = drawn(layer.weights(x.shape))
        y = layer(w, x)
        u = drawn({"u": y.shape}, seed=5)["u"]
        back = CONVS[rank](3, size, strides, **options)(w, u)
        if back.shape == x.shape:
            assert (back * x).sum() == (u * y).sum()
            checked += 1
    assert checked, "no output_padding of this geometry has been compared"


def test_output_lengths_that_are_documented():
    assert Conv1DTranspose(32, 3, 2)(*zeros(Conv1DTranspose(32, 3, 2), 4, 10, 128)).shape[1] == 21
    layer = Conv2DTranspose(32, 2, 2)
    assert layer(*zeros(layer, 4, 10, 8, 12)).shape == (4, 20, 16, 32)
    layer = Conv3DTranspose(32, 2, 2)
    assert layer(*zeros(layer, 4, 5, 4, 6, 12)).shape == (4, 10, 8, 12, 32)


def zeros(layer, *shape):
    return {role: np.zeros(s) for role, s in layer.weights(shape).items()}, np.zeros(shape)


def test_readings_of_output_padding_differ_by_where_it_goes():
    x, w = np.array([[[1.0], [10.0]]]), {"kernel": np.array([1.0, 2.0, 3.0]).reshape(3, 1, 1)}
    layer = Conv1DTranspose(1, 3, 2, "same", output_padding=1)
    first, second = layer.readings(w, x).values()
    assert_array_equal(first, layer(w, x))
    assert first.ravel().tolist() == [1, 2, 13, 20]
    assert second.ravel().tolist() == [2, 13, 20, 30]
    assert len(replace(layer, output_padding=None).readings(w, x)) == 1
    assert len(replace(layer, padding="valid").readings(w, x)) == 1


def test_infinite_inputs_of_a_transposed_convolution_stay_in_their_place():
    x = np.array([[[1.0], [np.inf]]])
    y = Conv1DTranspose(1, 3, 2)({"kernel": np.ones((3, 1, 1))}, x).ravel()
    assert y.tolist() == [1, 1, np.inf, np.inf, np.inf]


# ---- for all of them -----------------------------------------------------------------------------

ARGUMENTS = {
    **dict.fromkeys(
        CONVS.values(),
        "filters kernel_size strides padding data_format dilation_rate groups activation use_bias "
        "kernel_initializer bias_initializer kernel_regularizer bias_regularizer "
        "activity_regularizer kernel_constraint bias_constraint",
    ),
    **dict.fromkeys(
        SEPARABLE.values(),
        "filters kernel_size strides padding data_format dilation_rate depth_multiplier activation "
        "use_bias depthwise_initializer pointwise_initializer bias_initializer "
        "depthwise_regularizer pointwise_regularizer bias_regularizer activity_regularizer "
        "depthwise_constraint pointwise_constraint bias_constraint",
    ),
    **dict.fromkeys(
        DEPTHWISE.values(),
        "kernel_size strides padding depth_multiplier data_format dilation_rate activation "
        "use_bias depthwise_initializer bias_initializer depthwise_regularizer bias_regularizer "
        "activity_regularizer depthwise_constraint bias_constraint",
    ),
    **dict.fromkeys(
        TRANSPOSED.values(),
        "filters kernel_size strides padding output_padding data_format dilation_rate activation "
        "use_bias kernel_initializer bias_initializer kernel_regularizer bias_regularizer "
        "activity_regularizer kernel_constraint bias_constraint",
    ),
}
ALL = list(ARGUMENTS)


def rank_of(layer):
    return int(layer.__name__.removesuffix("Transpose")[-2])


def made(layer, **config):
    """The layer with the least arguments, and those given."""
    needed = {"filters": 2} if "filters" in ARGUMENTS[layer].split() else {}
    return layer(**{**needed, "kernel_size": 2, **config})


@pytest.mark.parametrize("layer", ALL)
def test_the_arguments_are_the_documented_ones_in_their_order(layer):
    documented = ARGUMENTS[layer].split()
    if layer is Conv3DTranspose:
        documented[4:6] = documented[5:3:-1]
    assert [field.name for field in fields(layer)] == documented
    ones = 1 if rank_of(layer) == 1 else (1,) * rank_of(layer)
    assert (made(layer).strides, made(layer).dilation_rate) == (ones, ones)


@pytest.mark.parametrize("layer", ALL)
def test_weights_and_what_governs_them(layer):
    shape = (2, *(4, 4, 4)[: rank_of(layer)], 3)
    shapes = made(layer).weights(shape)
    without = made(layer, use_bias=False).weights(shape)
    assert list(shapes) == [*without, "bias"]
    for role in shapes:
        documented = f"{role}_regularizer" in ARGUMENTS[layer].split()
        name = role if documented else role.removesuffix("_kernel")
        ones = {r: np.ones(s) for r, s in shapes.items()}
        (loss,) = attachments.weight_losses(made(layer, **{f"{name}_regularizer": "l1"}), ones)
        assert_allclose(loss, 0.01 * ones[role].size)
        projected = made(layer, **{f"{name}_constraint": "non_neg"})
        kept = attachments.constrain(projected, {r: -v for r, v in ones.items()})
        assert [r for r in shapes if kept[r].max() == 0] == [role]
        initial = made(layer, **{f"{name}_initializer": lambda shape: np.full(shape, 7.0)})
        assert_array_equal(attachments.initializer_of(initial, role)((2,)), [7, 7])


@pytest.mark.parametrize("layer", ALL)
def test_an_initializer_that_is_none_is_the_default(layer):
    names = [name for name in ARGUMENTS[layer].split() if name.endswith("_initializer")]
    assert made(layer, **dict.fromkeys(names)) == made(layer)
    assert made(layer).bias_initializer == "zeros"


WRONG = [
    *[{name: value} for name in ("filters", "depth_multiplier", "groups") for value in (0, -1)],
    *[{name: 0} for name in ("kernel_size", "strides", "dilation_rate")],
    *[{name: (1, 1, 1, 1)} for name in ("kernel_size", "strides", "dilation_rate")],
    {"strides": 2, "dilation_rate": 2},
    *[{"padding": value} for value in ("full", "", None, "causal")],
    *[{"data_format": value} for value in ("channels", "")],
    {"activation": "no such"},
    {"groups": 3},
    *[{"output_padding": value} for value in (1, -1, (0,) * 4)],
]


@pytest.mark.parametrize(
    ("layer", "config"),
    [
        (layer, config)
        for layer, config in itertools.product(ALL, WRONG)
        if set(config) <= set(ARGUMENTS[layer].split())
        and (layer, config) != (Conv1D, {"padding": "causal"})
    ],
)
def test_documented_errors_on_construction(layer, config):
    with pytest.raises(ValueError, match=next(iter(config)).split("_")[0]):
        made(layer, **config)


def test_strides_and_dilation_above_1_exclude_each_other_on_any_axes():
    for layer in (Conv2D, SeparableConv2D, Conv2DTranspose):
        with pytest.raises(ValueError, match=r"strides=\(2, 1\)"):
            layer(1, 2, strides=(2, 1), dilation_rate=(1, 2))
    with pytest.raises(ValueError, match="output_padding"):
        Conv2DTranspose(1, 3, strides=(3, 1), output_padding=1)
    assert Conv2DTranspose(1, 3, strides=(3, 2), output_padding=(2, 1))


@pytest.mark.parametrize("layer", ALL)
def test_documented_errors_on_build_and_call(layer):
    rank = rank_of(layer)
    x = np.ones((2, *SPATIAL[:rank], 3))
    good = made(layer)
    w = {role: np.ones(shape) for role, shape in good.weights(x.shape).items()}
    good(w, x)
    for wrong in (x[0], x[None]):
        with pytest.raises(ValueError, match="axes"):
            good.weights(wrong.shape)
        with pytest.raises(ValueError, match="axes"):
            good(w, wrong)
    if layer in TRANSPOSED.values():
        nothing = made(layer, kernel_size=2, padding="same", output_padding=0)
        x = x[(slice(None), *(slice(1),) * rank)]
    else:
        nothing = made(layer, kernel_size=7)
        w = {role: np.ones(shape) for role, shape in zip(w, shapes_of(nothing, 3), strict=True)}
    for call in (lambda: nothing.weights(x.shape), lambda: nothing(w, x)):
        with pytest.raises(ValueError, match="size"):
            call()


def shapes_of(layer, channels):
    """The weights' shapes for an input that is large enough."""
    return layer.weights((1, *(9,) * rank_of(type(layer)), channels)).values()


def test_groups_divide_the_channels():
    with pytest.raises(ValueError, match="groups=2 does not divide the 3 channels"):
        Conv1D(2, 1, groups=2).weights((1, 4, 3))


@pytest.mark.parametrize("layer", ALL)
def test_no_mask_and_an_empty_batch(layer):
    x = np.ones((0, *SPATIAL[: rank_of(layer)], 3))
    w = {role: np.ones(shape) for role, shape in made(layer).weights(x.shape).items()}
    assert made(layer)(w, x).shape[0] == 0
    assert made(layer).compute_mask(x, masks=(np.ones(x.shape[:2], bool),)) is None


@pytest.mark.parametrize("layer", ALL)
@pytest.mark.parametrize("config", [{"padding": "same", "strides": 2}, {"dilation_rate": 2}])
def test_the_bounds_engine_runs_the_oracle(layer, config):
    """It gives the oracle's value, and a bound that is not 0."""
    oracle = made(layer, activation="gelu", **config)
    x = drawn_x(rank_of(layer), 3) / 4
    w = {role: v / 8 for role, v in drawn(oracle.weights(x.shape)).items()}

    def function(arrays):
        return (oracle({role: arrays[role] for role in w}, arrays["x"]),)

    (expected,) = expect(function, w | {"x": x}, "float32", 0)
    assert_allclose(expected.value, oracle(w, x), rtol=1e-12, atol=1e-15)
    assert 0 < expected.sigma.max() < 1e-5
