"""Chapter 11, normalization: every oracle against loops over plain numbers."""

import itertools
import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from layerproof.adapters.forward_mode import gradients
from layerproof.reference import attachments
from layerproof.reference.layers.batch_normalization import BatchNormalization
from layerproof.reference.layers.group_normalization import GroupNormalization
from layerproof.reference.layers.layer_normalization import LayerNormalization
from layerproof.reference.layers.unit_normalization import UnitNormalization

SHAPES = [(4, 3), (2, 3, 4), (3, 2, 2, 4), (2, 2, 2, 2, 2)]
AFFINE = list(itertools.product([True, False], repeat=2))
RTOL = 1e-12


def filled(layer, x, seed=0):
    """Weights of the layer for x, no two alike; those called variance and stddev are positive."""
    rng = np.random.default_rng(seed)
    return {role: rng.uniform(0.5, 2.0, shape) for role, shape in layer.weights(x.shape).items()}


def normal(shape, seed=0, mean=0.0, spread=1.0):
    return mean + spread * np.random.default_rng(seed).normal(size=shape)


def moments(values):
    """Mean and variance of a list, the one as exact as a float can be."""
    mean = math.fsum(values) / len(values)
    return mean, math.fsum((v - mean) ** 2 for v in values) / len(values)


def grouped(x, group):
    """The places of x by ``group(place)``."""
    found = {}
    for place in np.ndindex(x.shape):
        found.setdefault(group(place), []).append(place)
    return found


def looped(x, group, weight_place, *, w, epsilon, counted=lambda place: True):
    """Each group of places to mean 0, variance 1 by loops; and the moments of each group."""
    y, found = np.empty(x.shape), {}
    for name, places in grouped(x, group).items():
        mean, variance = moments([x[p] for p in places if counted(p)] or [0.0])
        found[name] = mean, variance
        for p in places:
            gamma = w["gamma"][weight_place(p)] if "gamma" in w else 1.0
            beta = w["beta"][weight_place(p)] if "beta" in w else 0.0
            y[p] = (x[p] - mean) / math.sqrt(variance + epsilon) * gamma + beta
    return y, found


# ---- BatchNormalization --------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("axis", [-1, 1, 0, -2])
@pytest.mark.parametrize("masked", [False, True])
def test_batch_normalization_in_training(shape, axis, masked):
    x = normal(shape)
    mask = np.random.default_rng(1).random(shape[:-1]) < 0.6 if masked else None
    for (center, scale), epsilon in itertools.product(AFFINE, (1e-3, 0.5)):
        layer = BatchNormalization(axis, 0.7, epsilon, center, scale)
        w = filled(layer, x)
        counted = {} if mask is None else {"counted": lambda p: mask[p[:-1]]}
        y, found = looped(x, lambda p: p[axis], lambda p: p[axis], w=w, epsilon=epsilon, **counted)
        assert_allclose(layer(w, x, training=True, mask=mask), y, RTOL, 1e-12)
        assert_allclose(layer.folded(w, x, training=True, mask=mask), y, RTOL, 1e-12)

        changed = layer.update(w, x, training=True, mask=mask)
        for channel, (mean, variance) in found.items():
            old, new = w["moving_mean"][channel], changed["moving_mean"][channel]
            assert new == pytest.approx(0.7 * old + 0.3 * mean, rel=RTOL)
            old, new = w["moving_variance"][channel], changed["moving_variance"][channel]
            assert new == pytest.approx(0.7 * old + 0.3 * variance, rel=RTOL)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("axis", [-1, 1])
@pytest.mark.parametrize(
    ("trainable", "call"),
    [(True, {}), (True, {"training": False}), (False, {"training": True}), (False, {})],
)
def test_batch_normalization_at_inference(shape, axis, trainable, call):
    x = normal(shape)
    mask = np.zeros(shape[:-1], bool)
    for (center, scale), renorm in itertools.product(AFFINE, (False, True)):
        layer = BatchNormalization(
            axis, center=center, scale=scale, renorm=renorm, trainable=trainable
        )
        w, y = filled(layer, x), np.empty(shape)
        for p in np.ndindex(shape):
            c = p[axis]
            y[p] = (x[p] - w["moving_mean"][c]) / math.sqrt(w["moving_variance"][c] + 1e-3)
            y[p] = y[p] * (w["gamma"][c] if scale else 1.0) + (w["beta"][c] if center else 0.0)
        assert_allclose(layer(w, x, **call), y, RTOL, 1e-12)
        assert_array_equal(layer(w, x, mask=mask, **call), layer(w, x, **call))
        assert layer.update(w, x, **call) == {}


LIMITS = [None, {}, {"rmax": 1.2}, {"rmin": 0.9, "dmax": 0.1}, {"rmax": 1.0, "rmin": 1.0}]


@pytest.mark.parametrize("limits", LIMITS)
def test_renorm_corrects_towards_the_slow_statistics(limits):
    x = normal((6, 3), spread=2.0, mean=0.5)
    layer = BatchNormalization(
        momentum=0.7, epsilon=0.1, renorm=True, renorm_clipping=limits, renorm_momentum=0.6
    )
    w, wanted = filled(layer, x), {"rmin": 0.0, "rmax": math.inf, "dmax": math.inf} | (limits or {})
    low, high, wide = wanted.values()
    y, changed = layer(w, x, training=True), layer.update(w, x, training=True)
    for c in range(3):
        mean, variance = moments(list(x[:, c]))
        deviation, slow = math.sqrt(variance + 0.1), w["renorm_stddev"][c]
        r = min(max(deviation / slow, low), high)
        d = min(max((mean - w["renorm_mean"][c]) / slow, -wide), wide)
        for i in range(6):
            corrected = (x[i, c] - mean) / deviation * r + d
            assert y[i, c] == pytest.approx(corrected * w["gamma"][c] + w["beta"][c], rel=1e-11)
        for role, new, m in [
            *(("moving_mean", mean, 0.7), ("moving_variance", variance, 0.7)),
            *(("moving_stddev", deviation, 0.7), ("renorm_mean", mean, 0.6)),
            ("renorm_stddev", deviation, 0.6),
        ]:
            assert changed[role][c] == pytest.approx(m * w[role][c] + (1.0 - m) * new, rel=RTOL)
    assert list(changed) == list(layer.weights(x.shape))[2:]


def test_renorm_corrections_are_constants_to_derivatives():
    x, c = normal((6, 3)), normal((6, 3), seed=5)
    renorm = BatchNormalization(renorm=True, renorm_clipping={"rmax": 1.1})
    w = filled(renorm, x)
    deviation = np.sqrt(x.var(0) + 1e-3)
    r = np.minimum(deviation / w["renorm_stddev"], 1.1)
    d = (x.mean(0) - w["renorm_mean"]) / w["renorm_stddev"]
    plain = {"gamma": r * w["gamma"], "beta": d * w["gamma"] + w["beta"]}
    kept = [
        gradients(lambda a: (layer(v, a["x"], training=True),), {"x": x}, (c,))["x"]  # noqa: B023
        for layer, v in ((renorm, w), (BatchNormalization(), plain))
    ]
    assert_allclose(kept[0], kept[1], RTOL, 1e-13)
    assert abs(kept[0]).max() > 0.1


def test_the_variances_that_renorm_leaves():
    x = normal((5, 2))
    layer = BatchNormalization(renorm=True, epsilon=0.25)
    w = filled(layer, x)
    own, squared = layer.update_readings(w, x, training=True).values()
    assert_array_equal(own["moving_variance"], layer.update(w, x, training=True)["moving_variance"])
    assert_allclose(squared["moving_variance"], own["moving_stddev"] ** 2 - 0.25, RTOL)
    assert len(BatchNormalization().update_readings(w, x, training=True)) == 1


def test_a_batch_without_an_unmasked_position():
    x, mask = normal((2, 2, 3)), np.zeros((2, 2), bool)
    layer = BatchNormalization(epsilon=0.25)
    w = filled(layer, x)
    own, other = layer.readings(w, x, training=True, mask=mask).values()
    assert_allclose(own, x / 0.5 * w["gamma"] + w["beta"], RTOL)
    assert np.isnan(other).all()
    assert_array_equal(own, layer(w, x, training=True, mask=mask))
    moved = layer.update(w, x, training=True, mask=mask)["moving_mean"]
    assert_allclose(moved, 0.99 * w["moving_mean"], RTOL)
    one = np.array([[True, False], [False, False]])
    own, other = layer.readings(w, x, training=True, mask=one).values()
    assert_array_equal(own, other)
    assert_allclose(own[0, 0], w["beta"], RTOL)
    assert len(layer.readings(w, x, mask=mask)) == 1


def test_masked_values_never_matter():
    x, mask = normal((3, 4, 2)), np.arange(12).reshape(3, 4) % 3 > 0
    layer = BatchNormalization()
    w = filled(layer, x)
    spoilt = np.where(mask[..., None], x, np.nan)
    assert_array_equal(
        layer(w, x, training=True, mask=mask)[mask],
        layer(w, spoilt, training=True, mask=mask)[mask],
    )
    for old, new in zip(
        layer.update(w, x, training=True, mask=mask).values(),
        layer.update(w, spoilt, training=True, mask=mask.astype(int)).values(),
        strict=True,
    ):
        assert_array_equal(old, new)


@pytest.mark.parametrize("mask", [(2, 3, 1), (2, 3, 4), (3,), (2, 2), ()])
def test_batch_normalization_refuses_other_masks(mask):
    layer, x = BatchNormalization(), normal((2, 3, 4))
    layer({}, x, training=True, mask=np.ones((1, 3), bool))
    with pytest.raises(ValueError, match=r"mask|broadcast"):
        layer({}, x, training=True, mask=np.ones(mask, bool))


@pytest.mark.parametrize("limits", [{"max": 1.0}, {"rmin": 2.0, "rmax": 1.0}, {"dmax": -1.0}])
def test_renorm_refuses_other_limits(limits):
    with pytest.raises(ValueError, match="renorm_clipping"):
        BatchNormalization(renorm=True, renorm_clipping=limits)


# ---- LayerNormalization, GroupNormalization ------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "axis"),
    [
        *(((4, 3), -1), ((4, 3), [1]), ((2, 3, 4), 1), ((2, 3, 4), (1, 2)), ((2, 3, 4), [0, 2])),
        *(((2, 3, 4), (2, 1)), ((2, 3, 4), (-1, -2)), ((2, 3, 4), 0), ((3, 3, 3), (2, 0))),
        *(((2, 2, 3, 2), (1, 3)), ((2, 3, 1), -1), ((5,), 0), ((2, 1, 3), [1])),
    ],
)
def test_layer_normalization(shape, axis):
    x = normal(shape)
    axes = [a % len(shape) for a in ([axis] if isinstance(axis, int) else axis)]

    def outside(place):
        return tuple(i for a, i in enumerate(place) if a not in axes)

    def inside(place):
        return tuple(place[a] for a in sorted(axes))

    for (center, scale), epsilon in itertools.product(AFFINE, (1e-3, 0.5)):
        layer = LayerNormalization(axis, epsilon, center, scale)
        w = filled(layer, x)
        y, _ = looped(x, outside, inside, w=w, epsilon=epsilon)
        assert_allclose(layer(w, x), y, RTOL, 1e-12)
        assert_allclose(layer.folded(w, x), y, RTOL, 1e-12)
        assert list(w) == ["gamma"] * scale + ["beta"] * center


def test_the_order_of_gamma_is_that_of_x_or_that_of_axis():
    x, w = normal((2, 3, 3)), {"gamma": normal((3, 3), 1), "beta": normal((3, 3), 2)}
    layer = LayerNormalization((2, 1))
    own, listed = layer.readings(w, x).values()
    turned = {role: value.T for role, value in w.items()}
    assert_array_equal(own, LayerNormalization((1, 2))(w, x))
    assert_array_equal(listed, layer(turned, x))
    assert len(LayerNormalization((1, 2)).readings(w, x)) == 1
    x = normal((2, 3, 4))
    assert len(layer.readings(filled(layer, x), x)) == 1


@pytest.mark.parametrize("axis", [-1, (1, 2)])
@pytest.mark.parametrize(("center", "scale"), AFFINE)
def test_rms_scaling_divides_by_the_deviation_alone(axis, center, scale):
    x = normal((2, 3, 4), mean=1.0)
    layer = LayerNormalization(axis, 0.5, center, scale, rms_scaling=True)
    w = filled(layer, x)
    assert list(w) == ["gamma"]
    own, square = layer.readings(w, x).values()
    assert_allclose(own, x / np.sqrt(x.var(axis, keepdims=True) + 0.5) * w["gamma"], RTOL)
    mean_square = (x * x).mean(axis, keepdims=True)
    assert_allclose(square, x / np.sqrt(mean_square + 0.5) * w["gamma"], RTOL)
    assert_array_equal(own, layer(w, x))


@pytest.mark.parametrize(
    ("shape", "axis", "groups"),
    [
        *(((3, 6), -1, 2), ((3, 6), [1], 3), ((2, 4, 3), 1, 2), ((2, 3, 4), -1, 4)),
        *(((2, 3, 4), -1, 1), ((2, 3, 4), (-2,), -1), ((2, 3, 2, 6), 3, 3), ((2, 4, 2, 3), 1, -1)),
        *(((2, 2, 2, 2, 2), 2, 2), ((1, 1), 1, 1), ((4, 4), -1, 2)),
    ],
)
def test_group_normalization(shape, axis, groups):
    x = normal(shape)
    place_of = axis if isinstance(axis, int) else axis[0]
    members = shape[place_of] // (shape[place_of] if groups == -1 else groups)
    for (center, scale), epsilon in itertools.product(AFFINE, (1e-3, 0.5)):
        layer = GroupNormalization(groups, axis, epsilon, center, scale)
        w = filled(layer, x)
        y, _ = looped(
            *(x, lambda p: (p[0], p[place_of] // members), lambda p: p[place_of]),
            w=w,
            epsilon=epsilon,
        )
        assert_allclose(layer(w, x), y, RTOL, 1e-12)
        assert_allclose(layer.folded(w, x), y, RTOL, 1e-12)


def test_one_group_is_layer_normalization_over_all_and_a_group_each_over_the_rest():
    x = normal((2, 3, 4, 6))
    plain = {"center": False, "scale": False}
    for groups, axes in [(1, (1, 2, 3)), (6, (1, 2)), (-1, (1, 2))]:
        expected = LayerNormalization(axes, **plain)({}, x)
        assert_allclose(GroupNormalization(groups, **plain)({}, x), expected, RTOL, 1e-14)


def test_groups_default_to_32():
    x = normal((2, 64))
    assert_array_equal(GroupNormalization()({}, x), GroupNormalization(32)({}, x))
    with pytest.raises(ValueError, match="groups=32"):
        GroupNormalization().weights((2, 48))


@pytest.mark.parametrize("groups", [0, -2, 1.5, "2"])
def test_group_normalization_refuses_what_is_no_number_of_groups(groups):
    with pytest.raises(ValueError, match="groups="):
        GroupNormalization(groups)


@pytest.mark.parametrize(("groups", "shape"), [(3, (2, 4)), (8, (2, 4)), (2, (2, 4, 3))])
def test_groups_divide_the_channels(groups, shape):
    with pytest.raises(ValueError, match="do not divide"):
        GroupNormalization(groups).weights(shape)
    with pytest.raises(ValueError, match="do not divide"):
        GroupNormalization(groups)({}, np.ones(shape))


def test_several_axes_and_synchronized_are_not_covered():
    with pytest.raises(NotImplementedError, match=r"^axis\b"):
        GroupNormalization(2, axis=(1, 2))
    with pytest.raises(NotImplementedError, match=r"^synchronized\b"):
        BatchNormalization(synchronized=True)


@pytest.mark.parametrize(
    ("mean", "spread"), [(1e6, 1e-2), (0.0, 1e-9), (-1e8, 1.0), (0.0, 1e8), (1e3, 0.0)]
)
def test_large_means_and_small_spreads(mean, spread):
    x = normal((2, 8), mean=mean, spread=spread)
    rows, columns = np.empty(x.shape), np.empty(x.shape)
    for out, source in ((rows, x), (columns.T, x.T)):
        for place, row in enumerate(source):
            m, variance = moments(list(row))
            out[place] = [(v - m) / math.sqrt(variance + 1e-3) for v in row]
    # All are off by roundings of the mean, which count against the deviation.
    atol = 16.0 * np.finfo(float).eps * abs(mean) / math.sqrt(spread**2 + 1e-3)
    assert_allclose(LayerNormalization()({}, x), rows, 1e-12, atol)
    assert_allclose(GroupNormalization(1)({}, x), rows, 1e-12, atol)
    assert_allclose(BatchNormalization()({}, x, training=True), columns, 1e-12, atol)


# ---- UnitNormalization ---------------------------------------------------------------------------


@pytest.mark.parametrize("axis", [-1, 0, 1, (1, 2), [0, -1], (0, 1, 2)])
@pytest.mark.parametrize("size", [1.0, 1e-3, 1e-160, 1e160, 1e300])
def test_unit_normalization_divides_by_the_length(axis, size):
    x = normal((2, 3, 4))
    y, axes = np.empty(x.shape), {a % 3 for a in ([axis] if isinstance(axis, int) else axis)}
    for places in grouped(x, lambda p: tuple(i for a, i in enumerate(p) if a not in axes)).values():
        length = math.hypot(*(x[p] for p in places))
        for p in places:
            y[p] = x[p] / length
    assert_allclose(UnitNormalization(axis)({}, x * size), y, 1e-14)


def test_vectors_of_zeros_and_their_derivatives():
    x = np.array([[0.0, 0.0], [-3.0, 4.0], [0.0, -2.0]])
    layer = UnitNormalization()
    expected = np.array([[0.0, 0.0], [-0.6, 0.8], [0.0, -1.0]])
    assert_allclose(layer({}, x), expected, 1e-15)
    found = gradients(lambda a: (layer({}, a["x"]),), {"x": x}, (np.ones((3, 2)),))["x"]
    assert_allclose(found, [[1.0, 1.0], [28 / 125, 21 / 125], [0.5, 0.0]], 1e-14)
    nothing = layer.readings({}, x)["NaN for zeros"]
    assert np.isnan(nothing[0]).all()
    assert_array_equal(nothing[1:], layer({}, x)[1:])


def test_short_vectors_by_every_reading():
    x = np.array([[3e-9, 4e-9], [0.3, 0.4], [0.0, 3e-14]])
    found = UnitNormalization().readings({}, x)
    own = next(iter(found.values()))
    assert_array_equal(own, UnitNormalization()({}, x))
    assert_allclose(own, [[0.6, 0.8], [0.6, 0.8], [0.0, 1.0]], 1e-15)
    for guard in (1e-12, 1e-7, 1e-6):
        lengths = np.maximum([[5e-9], [0.5], [3e-14]], guard)
        assert_allclose(found[f"norm at least {guard:g}"], x / lengths, 1e-14)


def test_infinities_follow_the_formula():
    x = np.array([[np.inf, 1.0], [np.nan, 1.0]])
    with np.errstate(invalid="ignore"):
        assert_array_equal(UnitNormalization()({}, x), [[np.nan, 0.0], [np.nan, np.nan]])


# ---- for all of them -----------------------------------------------------------------------------

ALL = [
    *(BatchNormalization, LayerNormalization, UnitNormalization),
    lambda axis=-1: GroupNormalization(1, axis),
]


@pytest.mark.parametrize("layer", ALL)
@pytest.mark.parametrize("axis", [3, -4])
def test_an_axis_outside_is_refused(layer, axis):
    x = normal((2, 3, 4))
    with pytest.raises(ValueError, match="outside"):
        layer(axis=axis)({}, x, **({"training": True} if layer is BatchNormalization else {}))


@pytest.mark.parametrize("layer", [LayerNormalization, UnitNormalization])
@pytest.mark.parametrize("axis", [(1, 1), (2, -1)])
def test_an_axis_given_twice_is_refused(layer, axis):
    with pytest.raises(ValueError, match="twice"):
        layer(axis)({}, normal((2, 3, 4)))
    with pytest.raises(ValueError, match="empty"):
        layer(())


def test_the_batch_axis_has_no_groups():
    with pytest.raises(ValueError, match="batch"):
        GroupNormalization(1, axis=0).weights((2, 3))


@pytest.mark.parametrize("layer", ALL)
def test_an_empty_batch(layer):
    assert layer()(filled(layer(), np.ones((0, 3))), np.ones((0, 3))).shape == (0, 3)


@pytest.mark.parametrize("layer", ALL)
def test_attachments_belong_to_gamma_and_beta(layer):
    made = layer()
    w = filled(made, normal((2, 3)))
    names = {role: type(attachments.initializer_of(made, role)).__name__ for role in w}
    wanted = {"gamma": "Ones", "beta": "Zeros", "moving_mean": "Zeros", "moving_variance": "Ones"}
    assert names == {role: wanted[role] for role in w}
