"""Dense and EinsumDense against loops over every index."""

import itertools
import math

import numpy as np
import pytest

from layerproof.reference.layers import Activation, Dense, EinsumDense

SUMS = 1e-14
"""Relative to Σ|a||b|: a sum of at most a few dozen products in any order."""


def random(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (4, 4), (0, 3), (2, 3, 4), (2, 1, 3, 5)])
def test_dense_by_loops(shape: tuple[int, ...]) -> None:
    x, units = random(1, *shape), 4
    layer = Dense(units)
    w = {role: random(2, *s) for role, s in layer.weights(shape).items()}
    assert {role: v.shape for role, v in w.items()} == {
        "kernel": (shape[-1], units),
        "bias": (units,),
    }

    y = np.empty((*shape[:-1], units))
    for *place, unit in np.ndindex(*y.shape):
        row = x[tuple(place)]
        terms = [float(row[c]) * float(w["kernel"][c, unit]) for c in range(shape[-1])]
        y[(*place, unit)] = math.fsum([*terms, float(w["bias"][unit])])
    np.testing.assert_allclose(layer(w, x), y, rtol=SUMS, atol=SUMS)

    relu = Dense(units, activation="relu", use_bias=False)
    assert list(relu.weights(shape)) == ["kernel"]
    without = np.where(y - w["bias"] > 0, y - w["bias"], 0.0)
    np.testing.assert_allclose(relu({"kernel": w["kernel"]}, x), without, rtol=SUMS, atol=SUMS)


def test_dense_takes_any_activation() -> None:
    w, x = {"kernel": np.eye(2), "bias": np.array([1.0, -1.0])}, np.array([[0.0, 3.0]])
    assert Dense(2, activation=np.square)(w, x).tolist() == [[1.0, 4.0]]
    np.testing.assert_allclose(Dense(2, activation="tanh")(w, x), np.tanh([[1.0, 2.0]]), rtol=1e-15)


@pytest.mark.parametrize("units", [0, -3, 2.0, "3", None, True])
def test_dense_wants_positive_units(units: object) -> None:
    with pytest.raises(ValueError, match="units="):
        Dense(units)


def test_dense_wants_a_batch_and_features() -> None:
    with pytest.raises(ValueError, match="rank below 2"):
        Dense(2).weights((3,))
    with pytest.raises(ValueError, match="rank below 2"):
        Dense(2)({"kernel": np.ones((3, 2)), "bias": np.ones(2)}, np.ones(3))


def einsum_by_loops(equation: str, x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Without ellipses: for every assignment of indices to letters, add one product."""
    (x_axes, k_axes), y_axes = (
        equation.split("->", maxsplit=1)[0].split(","),
        equation.split("->")[1],
    )
    sizes = dict(zip(x_axes, x.shape, strict=True)) | dict(zip(k_axes, kernel.shape, strict=True))
    y = np.zeros([sizes[c] for c in y_axes])
    letters = list(sizes)
    for values in itertools.product(*(range(sizes[c]) for c in letters)):
        at = dict(zip(letters, values, strict=True))
        place = {axes: tuple(at[c] for c in axes) for axes in (x_axes, k_axes, y_axes)}
        y[place[y_axes]] += x[place[x_axes]] * kernel[place[k_axes]]
    return y


EINSUMS = [  # equation, output_shape, input shape, kernel shape, the same without an ellipsis
    ("ab,bc->ac", 4, (2, 3), (3, 4), "ab,bc->ac"),
    ("ab,cb->ac", (4,), (2, 3), (4, 3), "ab,cb->ac"),
    ("abc,cd->abd", (None, 4), (2, 3, 5), (5, 4), "abc,cd->abd"),
    ("abc,cd->abd", (3, 4), (2, 3, 5), (5, 4), "abc,cd->abd"),
    ("abc,cd->adb", (4, None), (2, 3, 5), (5, 4), "abc,cd->adb"),
    ("abc,bde->acde", (None, 4, 2), (2, 3, 5), (3, 4, 2), "abc,bde->acde"),
    ("abc,bcd->ad", 4, (2, 3, 3), (3, 3, 4), "abc,bcd->ad"),
    ("abc,b->abc", (None, None), (2, 3, 3), (3,), "abc,b->abc"),
    ("abc,de->abde", (None, 4, 2), (2, 3, 5), (4, 2), "abc,de->abde"),
    ("...x,xy->...y", 4, (2, 5), (5, 4), "ax,xy->ay"),
    ("...x,xy->...y", 4, (2, 3, 2, 5), (5, 4), "abcx,xy->abcy"),
    ("...ab,bc->...ac", (3, 4), (2, 3, 5), (5, 4), "zab,bc->zac"),
    ("...ab,bc->...ac", (None, 4), (2, 2, 3, 5), (5, 4), "yzab,bc->yzac"),
    ("...ab,bc->...ac", 4, (2, 5), (5, 4), "ab,bc->ac"),
    ("ab...,bc->ac...", 4, (2, 3), (3, 4), "ab,bc->ac"),
    ("ab...,bc->ac...", 4, (2, 3, 5, 2), (3, 4), "abyz,bc->acyz"),
    ("a b..., b c -> a c...", 4, (2, 3, 5), (3, 4), "aby,bc->acy"),
]


@pytest.mark.parametrize(("equation", "output_shape", "shape", "kernel", "plain"), EINSUMS)
def test_einsum_dense_by_loops(
    equation: str, output_shape: object, shape: tuple, kernel: tuple, plain: str
) -> None:
    layer = EinsumDense(equation, output_shape)
    assert layer.weights(shape) == {"kernel": kernel}
    x, w = random(3, *shape), {"kernel": random(4, *kernel)}
    y = einsum_by_loops(plain, x, w["kernel"])
    np.testing.assert_allclose(layer(w, x), y, rtol=SUMS, atol=SUMS)
    assert layer.compute_output_shape(shape) == y.shape
    assert layer.compute_output_shape((None, *shape[1:])) == (None, *y.shape[1:])


@pytest.mark.parametrize(
    ("equation", "output_shape", "bias_axes", "bias"),
    [
        ("abc,cd->abd", (None, 4), "d", (4,)),
        ("abc,cd->abd", (None, 4), "b", (3, 1)),
        ("abc,cd->abd", (None, 4), "bd", (3, 4)),
        ("abc,cd->abd", (None, 4), "db", (3, 4)),
        ("abc,cd->adb", (4, None), "d", (4, 1)),
        ("...bc,cd->...bd", (3, 4), "b", (3, 1)),
        ("ab...,bd->ad...", 4, "d", (4, 1)),
    ],
)
def test_bias_stands_on_its_axes(
    equation: str, output_shape: object, bias_axes: str, bias: tuple[int, ...]
) -> None:
    layer = EinsumDense(equation, output_shape, activation="relu", bias_axes=bias_axes)
    shapes = layer.weights((2, 3, 5))
    assert shapes["bias"] == bias
    w = {role: random(5, *shape) for role, shape in shapes.items()}
    x = random(6, 2, 3, 5)
    plain = EinsumDense(equation, output_shape)({"kernel": w["kernel"]}, x)
    out = equation.split("->")[1].replace("...", "A" if equation[0] == "." else "Z")
    of_bias = [c for c in out if c in bias_axes]
    y = np.empty_like(plain)
    for place in np.ndindex(*plain.shape):
        at = dict(zip(out, place, strict=True))
        y[place] = max(
            plain[place]
            + w["bias"].reshape([n for n in bias if n > 1])[tuple(at[c] for c in of_bias)],
            0.0,
        )
    np.testing.assert_array_equal(layer(w, x), y)


def test_einsum_dense_is_dense() -> None:
    x, w = random(7, 2, 3, 5), {"kernel": random(8, 5, 4), "bias": random(9, 4)}
    layer = EinsumDense("...x,xy->...y", 4, activation="sigmoid", bias_axes="y")
    np.testing.assert_allclose(layer(w, x), Dense(4, "sigmoid")(w, x), rtol=SUMS)
    assert layer.compute_mask(x, masks=(np.ones((2, 3), bool),)) is None
    assert list(layer.mask_readings(x, masks=(None,))) == ["none", "that of the input"]


@pytest.mark.parametrize(
    ("equation", "output_shape", "bias_axes", "message"),
    [
        ("ab->a", 4, None, "three forms"),
        ("ab,bc", 4, None, "three forms"),
        ("a...b,bc->a...c", 4, None, "three forms"),
        ("...ab,bc->ac", 4, None, "three forms"),
        ("...ab...,bc->...ac...", 4, None, "three forms"),
        ("ab,bc->ac", 4, "z", "bias_axes='z'"),
        ("abc,cd->abd", (4,), None, "output_shape"),
        ("abc,cd->abd", (9, 4), None, "'b' has the size 3"),
        ("abc,cd->abd", (None, None), None, "no size known"),
        ("abc,ce->ab", (None,), None, "no size known"),
        ("ab,bc->ac", 4, None, "rank 3"),
        ("...abcd,de->...abce", 4, None, "rank 3"),
    ],
)
def test_einsum_dense_refuses(
    equation: str, output_shape: object, bias_axes: str | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        EinsumDense(equation, output_shape, bias_axes=bias_axes).weights((2, 3, 5))


@pytest.mark.parametrize(
    "make", [Activation, lambda a: Dense(1, a), lambda a: EinsumDense("ab,bc->ac", 1, a)]
)
def test_unknown_activations(make: object) -> None:
    with pytest.raises(ValueError, match="nothing"):
        make("nothing")
