"""ConvLSTM1D, 2D, 3D against sums over taps, and against LSTM where nothing slides."""

import itertools
import math
from typing import Any

import numpy as np
import pytest

from layerproof.reference import attachments
from layerproof.reference.initializers import Constant
from layerproof.reference.layers.conv_lstm import ConvLSTM1D, ConvLSTM2D, ConvLSTM3D
from layerproof.reference.layers.lstm import LSTM

CLOSE = 1e-12
"""A few dozen operations on numbers of order 1, in another order."""

LAYERS = {1: ConvLSTM1D, 2: ConvLSTM2D, 3: ConvLSTM3D}
LENGTHS = (5, 4, 3)
BATCH, TIME, CHANNELS, FILTERS = 2, 3, 2, 2
MASK = np.array([[False, True, True], [True, False, True]])


def random(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


def drawn(layer: Any, shape: tuple[int, ...]) -> dict[str, np.ndarray]:
    return {role: random(i, *s) for i, (role, s) in enumerate(layer.weights(shape).items())}


def geometry(n: int, size: int, stride: int, dilation: int, padding: str) -> tuple[int, int]:
    """How many windows, and how far before the input the first one starts."""
    span = dilation * (size - 1) + 1
    if padding == "valid":
        return (n - span) // stride + 1, 0
    out = math.ceil(n / stride)
    return out, max((out - 1) * stride + span - n, 0) // 2


def convolved(
    x: np.ndarray, kernel: np.ndarray, strides: tuple[int, ...], dilation: tuple[int, ...], pad: str
) -> np.ndarray:
    """One sample (*spatial, C), position by position and tap by tap."""
    size = kernel.shape[:-2]
    axes = [geometry(*a, pad) for a in zip(x.shape[:-1], size, strides, dilation, strict=True)]
    y = np.zeros((*(out for out, _ in axes), kernel.shape[-1]))
    for p in np.ndindex(*y.shape[:-1]):
        for k in np.ndindex(*size):
            at = tuple(
                i * s + j * d - before
                for i, s, j, d, (_, before) in zip(p, strides, k, dilation, axes, strict=True)
            )
            if all(0 <= i < n for i, n in zip(at, x.shape[:-1], strict=True)):
                y[p] += x[at] @ kernel[k]
    return y


def by_hand(layer: Any, w: dict, x: np.ndarray, mask: np.ndarray, initial: list | None) -> list:
    """[y at all steps, h, c], channels last."""
    rank, f = layer.rank, layer.filters
    wide = lambda n: (n,) * rank if isinstance(n, int) else n  # noqa: E731
    window = (wide(layer.strides), wide(layer.dilation_rate), layer.padding.lower())
    ones = (1,) * rank
    results: list[list] = [[], [], []]
    for n in range(x.shape[0]):
        first = convolved(x[n, 0], w["kernel"], *window)
        h, c = (
            (np.zeros((*first.shape[:-1], f)),) * 2 if initial is None else (s[n] for s in initial)
        )
        ys = []
        for t in range(TIME)[:: -1 if layer.go_backwards else 1]:
            if mask[n, t]:
                z = convolved(x[n, t], w["kernel"], *window) + w.get("bias", 0.0)
                z = z + convolved(h, w["recurrent_kernel"], ones, ones, "same")
                i, forget, g, o = (z[..., k * f : (k + 1) * f] for k in range(4))
                sigma = lambda v: 1.0 / (1.0 + np.exp(-v))  # noqa: E731
                c = sigma(forget) * c + sigma(i) * np.tanh(g)
                h = sigma(o) * np.tanh(c)
            ys.append(h)
        for kept, value in zip(results, (np.stack(ys), h, c), strict=True):
            kept.append(value)
    return [np.stack(values) for values in results]


@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize("padding", ["valid", "same", "SAME"])
@pytest.mark.parametrize("step", [(1, 1), (2, 1), (3, 1), (1, 2)])
@pytest.mark.parametrize("first", [False, True])
def test_by_hand(rank: int, padding: str, step: tuple[int, int], first: bool) -> None:
    """Every geometry, and with it every option in turn."""
    sequences, state, backwards, bias, masked, given = np.random.default_rng(
        [rank, len(padding), *step, first]
    ).random(6) < 0.5  # fmt: skip
    layer = LAYERS[rank](
        FILTERS, (2, 3, 2)[:rank] if step == (1, 1) else 2, *step[:1], padding,
        "channels_first" if first else None, step[1], use_bias=bool(bias), unroll=bool(given),
        return_sequences=bool(sequences), return_state=bool(state), go_backwards=bool(backwards),
    )  # fmt: skip
    x = random(1, BATCH, TIME, *LENGTHS[:rank], CHANNELS)
    moved = (lambda a, at: np.moveaxis(a, -1, at)) if first else lambda a, _: a
    w = drawn(layer, moved(x, 2).shape)
    mask = MASK if masked else np.ones_like(MASK)
    y, h, c = by_hand(layer, w, x, mask, None)
    if given:
        initial = [random(8, *h.shape), random(9, *h.shape)]
        y, h, c = by_hand(layer, w, x, mask, initial)
    call = {"initial_state": [moved(s, 1) for s in initial]} if given else {}
    got = layer(w, moved(x, 2), **call, **({"mask": mask} if masked else {}))

    want = [moved(y, 2) if sequences else moved(y[:, -1], 1)]
    want += [moved(h, 1), moved(c, 1)] if state else []
    assert isinstance(got, tuple) == bool(state)
    for a, b in zip(got if state else (got,), want, strict=True):
        assert a.shape == b.shape
        np.testing.assert_allclose(a, b, rtol=CLOSE, atol=CLOSE)


def test_the_cases_above_take_every_option_both_ways() -> None:
    seeds = itertools.product([1, 2, 3], [4, 5], [(1, 1), (2, 1), (3, 1), (1, 2)], [False, True])
    flags = [np.random.default_rng([r, p, *s, f]).random(6) < 0.5 for r, p, s, f in seeds]
    for i, j in itertools.combinations(range(6), 2):
        assert len({(bool(f[i]), bool(f[j])) for f in flags}) == 4


def test_weights() -> None:
    shapes = {"kernel": (3, 2, 5, 16), "recurrent_kernel": (3, 2, 4, 16)}
    assert ConvLSTM2D(4, (3, 2), use_bias=False).weights((1, 2, 6, 6, 5)) == shapes
    first = ConvLSTM2D(4, (3, 2), data_format="channels_first")
    assert list(first.weights((1, 2, 5, 6, 6)).items()) == [*shapes.items(), ("bias", (16,))]


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_at_a_single_position_it_is_an_lstm(rank: int) -> None:
    layer = LAYERS[rank](FILTERS, 1, return_sequences=True, return_state=True)
    x = random(2, BATCH, TIME, CHANNELS)
    w = drawn(layer, (BATCH, TIME, *(1,) * rank, CHANNELS))
    lstm = LSTM(FILTERS, return_sequences=True, return_state=True)
    squeezed = {role: value.reshape(value.shape[-2:]) for role, value in w.items() if "k" in role}
    want = lstm(squeezed | {"bias": w["bias"]}, x, mask=MASK)
    got = layer(w, x.reshape(BATCH, TIME, *(1,) * rank, CHANNELS), mask=MASK)
    for a, b in zip(got, want, strict=True):
        np.testing.assert_allclose(a.reshape(b.shape), b, rtol=CLOSE, atol=CLOSE)


def test_other_activations() -> None:
    layer = ConvLSTM1D(1, 1, activation=None, recurrent_activation="hard_sigmoid")
    w = {"kernel": np.array([[[1.5, 3.0, 2.0, 0.0]]]), "recurrent_kernel": np.zeros((1, 1, 4))}
    c = np.full((1, 1, 1), 8.0)
    y = layer(w | {"bias": np.zeros(4)}, np.ones((1, 1, 1, 1)), initial_state=[0 * c, c])
    assert y.tolist() == [[[(8.0 * 1.0 + 0.75 * 2.0) * 0.5]]]


def test_stateful_over_two_parts_is_one_run() -> None:
    layer = ConvLSTM2D(FILTERS, 2, stateful=True, return_sequences=True)
    x = random(3, BATCH, TIME, 4, 3, CHANNELS)
    w = drawn(layer, x.shape)
    carried = layer.update(w, x[:, :1])
    assert {role: v.shape for role, v in carried.items()} == {
        f"state/{i}": (BATCH, 3, 2, FILTERS) for i in range(2)
    }
    np.testing.assert_allclose(
        layer(w | carried, x[:, 1:]), layer(w, x)[:, 1:], rtol=CLOSE, atol=CLOSE
    )


def test_masks_and_readings() -> None:
    layer = ConvLSTM1D(FILTERS, 2, return_sequences=True)
    x = random(4, BATCH, TIME, 5, CHANNELS)
    w, initial = drawn(layer, x.shape), [random(5, BATCH, 4, FILTERS)] * 2
    kept, zero = layer.readings(w, x, mask=MASK, initial_state=initial).values()
    np.testing.assert_array_equal(kept[0, 0], initial[0][0])
    assert (zero[0, 0] == 0).all()
    np.testing.assert_array_equal(zero[1], kept[1])
    assert layer.compute_mask(x, masks=(MASK,)) is MASK


def test_dropout_scales_what_the_convolutions_see() -> None:
    layer = ConvLSTM1D(FILTERS, 2, dropout=0.5, recurrent_dropout=0.75)
    x, initial = random(6, BATCH, 1, 5, CHANNELS), [random(7, BATCH, 4, FILTERS)] * 2
    w, rng = drawn(layer, x.shape), np.random.default_rng(8)
    keep_x, keep_h = rng.random((BATCH, 5, CHANNELS)) < 0.5, rng.random((BATCH, 4, FILTERS)) < 0.5
    call = {"initial_state": initial, "dropout_mask": keep_x, "recurrent_dropout_mask": keep_h}
    seen = [initial[0] * keep_h * 4.0, initial[1]]
    plain = ConvLSTM1D(FILTERS, 2)
    want = plain(w, x * keep_x[:, None] * 2.0, initial_state=seen)
    np.testing.assert_allclose(layer(w, x, training=True, **call), want, rtol=CLOSE, atol=CLOSE)
    same = plain(w, x, initial_state=initial)
    np.testing.assert_allclose(layer(w, x, **call), same, rtol=CLOSE, atol=CLOSE)


def test_unit_forget_bias_adds_one() -> None:
    for given, base in (("zeros", 0.0), (Constant(3.0), 3.0)):
        initial = attachments.initializer_of(ConvLSTM2D(2, 1, bias_initializer=given), "bias")
        assert initial((8,)).tolist() == [base, base, base + 1, base + 1, *[base] * 4]
    without = ConvLSTM2D(2, 1, bias_initializer="ones", unit_forget_bias=False)
    assert attachments.initializer_of(without, "bias")((8,)).tolist() == [1.0] * 8
    assert attachments.initializer_of(ConvLSTM1D(2, 1, bias_initializer="uniform"), "bias") is None


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_refused(rank: int) -> None:
    made, shape = LAYERS[rank], (BATCH, TIME, *LENGTHS[:rank], CHANNELS)
    wrong = (
        *({"filters": f} for f in (0, 2.0)),
        *({"kernel_size": k} for k in (0, (1,) * (rank + 1))),
        {"strides": 0},
        {"strides": 2, "dilation_rate": 2},
        {"dilation_rate": 0},
        {"padding": "causal"},
        {"data_format": "last"},
        {"activation": "no_such"},
        {"recurrent_activation": "no_such"},
        {"dropout": 2.0},
        {"recurrent_dropout": -1.0},
    )
    for arguments in wrong:
        name = next(iter(arguments))
        message = "unknown activation" if "activation" in name else rf"^{name}="
        with pytest.raises(ValueError, match=message):
            made(**({"filters": 2, "kernel_size": 2} | arguments))
    layer = made(FILTERS, 2)
    w, x = drawn(layer, shape), random(9, *shape)
    with pytest.raises(ValueError, match="axes"):
        layer.weights(shape[:-1])
    with pytest.raises(ValueError, match="axes"):
        layer(w, x[..., None])
    with pytest.raises(ValueError, match="no window"):
        made(FILTERS, 6).weights(shape)
    with pytest.raises(ValueError, match="mask of shape"):
        layer(w, x, mask=MASK[:, :2])
    with pytest.raises(ValueError, match="initial_state of shapes"):
        layer(w, x, initial_state=[x[:, 0], x[:, 0]])
