"""LSTM, GRU, SimpleRNN and their cells against the papers' equations, one number at a time."""

import math
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest

from layerproof.reference import attachments
from layerproof.reference.initializers import Constant
from layerproof.reference.layers.gru import GRU, GRUCell
from layerproof.reference.layers.lstm import LSTM, LSTMCell
from layerproof.reference.layers.simple_rnn import SimpleRNN, SimpleRNNCell
from layerproof.reference.regularizers import L1

CLOSE = 1e-12
"""A few dozen operations on numbers of order 1, in another order."""

LAYERS = {"lstm": LSTM, "gru": GRU, "simple_rnn": SimpleRNN}
CELLS = {"lstm": LSTMCell, "gru": GRUCell, "simple_rnn": SimpleRNNCell}
KINDS = tuple(LAYERS)
BATCH, TIME, FEATURES, UNITS = 4, 4, 2, 3

MASK = np.array([[1, 1, 1, 1], [0, 1, 0, 1], [1, 0, 0, 0], [0, 0, 0, 0]], bool)
"""Nothing masked; first and middle; last ones; everything."""

SCALARS: dict[str | None, Callable[[float], float]] = {
    "tanh": math.tanh,
    "sigmoid": lambda t: 1.0 / (1.0 + math.exp(-t)),
    "hard_sigmoid": lambda t: min(max(t / 6.0 + 0.5, 0.0), 1.0),
    "relu": lambda t: max(t, 0.0),
    None: lambda t: t,
}


def random(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


def drawn(layer: Any, shape: tuple[int, ...]) -> dict[str, np.ndarray]:
    return {role: random(i, *s) for i, (role, s) in enumerate(layer.weights(shape).items())}


def states_of(kind: str, seed: int = 50) -> list[np.ndarray]:
    return [random(seed + i, BATCH, UNITS) for i in range(2 if kind == "lstm" else 1)]


# ---- the equations, for one sample and lists of floats -------------------------------------------


def dot(row: Sequence[float], matrix: np.ndarray, column: int) -> float:
    return math.fsum(float(a) * float(matrix[i, column]) for i, a in enumerate(row))


def step(kind: str, layer: Any, w: dict, x: list, states: list, dropped: tuple[list, list]) -> list:
    """New states; ``dropped`` holds x and h as the linear maps see them."""
    sigma = SCALARS[getattr(layer, "recurrent_activation", None)]
    phi, u = SCALARS[layer.activation], layer.units
    xs, hs = dropped
    bias = w.get("bias", np.zeros(4 * u))
    if kind == "simple_rnn":
        kernels = w["kernel"], w["recurrent_kernel"]
        return [[phi(dot(xs, kernels[0], j) + bias[j] + dot(hs, kernels[1], j)) for j in range(u)]]
    if kind == "lstm":
        z = [
            dot(xs, w["kernel"], j) + dot(hs, w["recurrent_kernel"], j) + bias[j]
            for j in range(4 * u)
        ]
        c = [sigma(z[u + j]) * states[1][j] + sigma(z[j]) * phi(z[2 * u + j]) for j in range(u)]
        return [[sigma(z[3 * u + j]) * phi(c[j]) for j in range(u)], c]
    return [gru(layer.reset_after, w, xs, states[0], hs, sigma, phi)]


def gru(
    after: bool, w: dict, x: list, h: list, hs: list, sigma: Callable, phi: Callable
) -> list[float]:
    """The new h; hs is the old one as the linear maps see it."""
    u = len(h)
    rows = w.get("bias", np.zeros((2, 3 * u)) if after else np.zeros(3 * u))
    b, c = rows if after else (rows, np.zeros(3 * u))
    wx = [dot(x, w["kernel"], j) + b[j] for j in range(3 * u)]
    uh = [dot(hs, w["recurrent_kernel"], j) + c[j] for j in range(3 * u)]
    z = [sigma(wx[j] + uh[j]) for j in range(u)]
    r = [sigma(wx[u + j] + uh[u + j]) for j in range(u)]
    reset = [r[j] * hs[j] for j in range(u)]
    inner = [
        r[j] * uh[2 * u + j] if after else dot(reset, w["recurrent_kernel"], 2 * u + j)
        for j in range(u)
    ]
    n = [phi(wx[2 * u + j] + inner[j]) for j in range(u)]
    return [z[j] * h[j] + (1.0 - z[j]) * n[j] for j in range(u)]


def by_hand(
    kind: str, layer: Any, w: dict, x: np.ndarray, states: list[np.ndarray], mask: np.ndarray,
    factors: tuple[np.ndarray, np.ndarray] | None = None,
) -> tuple[np.ndarray, ...]:  # fmt: skip
    """(y at all steps, *last states), sample by sample; ``factors`` scale x and h."""
    ys, last = [], []
    for n in range(x.shape[0]):
        own = [s[n].tolist() for s in states]
        kx, kh = (
            (np.ones(x.shape[2]), np.ones(UNITS)) if factors is None else (f[n] for f in factors)
        )
        times = list(range(x.shape[1]))
        listed = []
        for t in times[::-1] if layer.go_backwards else times:
            if mask[n, t]:
                seen = ((kx * x[n, t]).tolist(), (kh * own[0]).tolist())
                own = step(kind, layer, w, x[n, t].tolist(), own, seen)
            listed.append(own[0])
        ys.append(listed)
        last.append(own)
    return np.array(ys), *(np.array([own[i] for own in last]) for i in range(len(states)))


def same(got: Any, want: Any) -> None:
    got, want = (r if isinstance(r, tuple) else (r,) for r in (got, want))
    assert len(got) == len(want)
    for a, b in zip(got, want, strict=True):
        assert a.shape == b.shape
        np.testing.assert_allclose(a, b, rtol=CLOSE, atol=CLOSE)


# ---- layers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("masked", [False, True])
def test_layers_by_hand(kind: str, backwards: bool, masked: bool) -> None:
    """Every combination of the options that structure the result."""
    x, mask = random(1, BATCH, TIME, FEATURES), MASK if masked else np.ones_like(MASK)
    flags = product((False, True), repeat=5)
    for sequences, state, given, bias, unroll in flags:
        more = {"reset_after": state ^ bias} if kind == "gru" else {}
        layer = LAYERS[kind](
            UNITS, use_bias=bias, return_sequences=sequences, return_state=state,
            go_backwards=backwards, unroll=unroll, **more,
        )  # fmt: skip
        w = drawn(layer, x.shape)
        initial = states_of(kind)
        zeros = [np.zeros_like(s) for s in initial]
        call = {"mask": mask} if masked else {}
        call |= {"initial_state": initial} if given else {}
        y, *last = by_hand(kind, layer, w, x, initial if given else zeros, mask)
        y = y if sequences else y[:, -1]
        same(layer(w, x, **call), (y, *last) if state else y)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("act", "gate"), [("relu", "hard_sigmoid"), (None, None)])
def test_activations_by_hand(kind: str, act: str | None, gate: str | None) -> None:
    gates = {} if kind == "simple_rnn" else {"recurrent_activation": gate}
    layer = LAYERS[kind](UNITS, activation=act, **gates, return_sequences=True)
    x, initial = random(2, BATCH, TIME, FEATURES), states_of(kind)
    w = {role: 0.5 * value for role, value in drawn(layer, x.shape).items()}
    y, *_ = by_hand(kind, layer, w, x, initial, np.ones_like(MASK))
    same(layer(w, x, initial_state=initial), y)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("after", [True, False])
def test_a_layer_is_its_cell_stepped(kind: str, after: bool) -> None:
    more = {"reset_after": after} if kind == "gru" else {}
    cell, layer = CELLS[kind](UNITS, **more), LAYERS[kind](UNITS, return_state=True, **more)
    x, states = random(3, BATCH, TIME, FEATURES), states_of(kind)
    w = drawn(layer, x.shape)
    assert cell.weights((BATCH, FEATURES), *(s.shape for s in states)) == layer.weights(x.shape)
    want = layer(w, x, initial_state=states)
    for t in range(TIME):
        y, *states = cell(w, x[:, t], *states)
        assert y is states[0]
    same((y, *states), want)


def test_weights() -> None:
    shapes = {"kernel": (2, 12), "recurrent_kernel": (3, 12), "bias": (12,)}
    assert LSTM(3).weights((5, 4, 2)) == LSTMCell(3).weights((5, 2)) == shapes
    assert list(GRU(3).weights((5, 4, 2)).items()) == [
        ("kernel", (2, 9)), ("recurrent_kernel", (3, 9)), ("bias", (2, 9))
    ]  # fmt: skip
    assert GRUCell(3, reset_after=False).weights((5, 2))["bias"] == (9,)
    plain = {"kernel": (2, 3), "recurrent_kernel": (3, 3)}
    assert SimpleRNN(3, use_bias=False).weights((5, 4, 2)) == plain


# ---- masks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_masked_step_is_a_dropped_step(kind: str) -> None:
    x, keep = random(4, 1, TIME, FEATURES), np.array([True, False, False, True])
    layer = LAYERS[kind](UNITS, return_state=True)
    w = drawn(layer, x.shape)
    broken = np.where(keep[:, None], x, np.nan)
    same(layer(w, broken, mask=keep[None]), layer(w, x[:, keep]))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("backwards", [False, True])
def test_what_y_is_before_the_first_used_step(kind: str, backwards: bool) -> None:
    layer = LAYERS[kind](UNITS, return_sequences=True, return_state=True, go_backwards=backwards)
    x, initial = random(5, BATCH, TIME, FEATURES), states_of(kind)
    w, call = drawn(layer, x.shape), {"mask": MASK, "initial_state": initial}
    taken = MASK[:, ::-1] if backwards else MASK
    before = ~np.maximum.accumulate(taken, axis=1)
    assert before.any()
    kept, zero = layer.readings(w, x, **call).values()
    same(layer(w, x, **call), kept)
    np.testing.assert_array_equal(kept[0][before], np.repeat(initial[0], before.sum(1), axis=0))
    assert (zero[0][before] == 0).all()
    same(zero[0][~before], kept[0][~before])
    same(tuple(zero[1:]), tuple(kept[1:]))

    last = LAYERS[kind](UNITS, go_backwards=backwards)
    assert (last.readings(w, x, **call)["masked before the first used step: 0"][3] == 0).all()
    unmasked = layer.readings(w, x, initial_state=initial)
    assert len(unmasked) == 2
    same(*unmasked.values())


def test_the_mask_of_y() -> None:
    x = random(6, BATCH, TIME, FEATURES)
    for sequences, backwards in product((False, True), repeat=2):
        layer = GRU(2, return_sequences=sequences, go_backwards=backwards)
        mask = layer.compute_mask(x, masks=(MASK,))
        if not sequences:
            assert mask is None
            continue
        np.testing.assert_array_equal(mask, MASK[:, ::-1] if backwards else MASK)
        readings = layer.mask_readings(x, masks=(MASK,))
        np.testing.assert_array_equal(readings["in the order of y"], mask)
        np.testing.assert_array_equal(readings["in the order of x"], MASK)
        assert layer.compute_mask(x, masks=(None,)) is None


# ---- state ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("masked", [False, True])
def test_stateful_over_two_halves_is_one_run(kind: str, masked: bool) -> None:
    layer = LAYERS[kind](UNITS, return_sequences=True, stateful=True)
    x = random(7, BATCH, 6, FEATURES)
    mask = np.tile([True, False, True], (BATCH, 2)) if masked else None
    w = drawn(layer, x.shape)
    pieces, now = [], dict(w)
    for part in (slice(0, 2), slice(2, 6)):
        call = {"mask": None if mask is None else mask[:, part]}
        pieces.append(layer(now, x[:, part], **call))
        now |= layer.update(now, x[:, part], **call)
    whole = layer(w, x, mask=mask)
    same(np.concatenate(pieces, axis=1), whole)
    assert list(now) == [*w, *(f"state/{i}" for i in range(len(states_of(kind))))]
    np.testing.assert_array_equal(now["state/0"], pieces[-1][:, -1])

    # A given initial state is used in the place of a carried one, and a reset forgets it.
    initial = states_of(kind)
    same(layer(now, x, initial_state=initial), layer(w, x, initial_state=initial))
    same(layer(layer.reset_state(now), x, mask=mask), whole)
    assert layer.reset_state(now) == w


def test_only_stateful_layers_carry_states() -> None:
    x = random(8, BATCH, TIME, FEATURES)
    w = drawn(LSTM(2), x.shape)
    assert LSTM(2).update(w, x) == {}
    carried = LSTM(2, stateful=True).update(w, x)
    same(LSTM(2)(w | carried, x), LSTM(2)(w, x))


# ---- dropout -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize("rates", [(0.5, 0.0), (0.0, 0.2), (0.75, 0.5), (1.0, 1.0)])
def test_dropout_by_hand(kind: str, after: bool, rates: tuple[float, float]) -> None:
    more = {"reset_after": after} if kind == "gru" else {}
    layer = LAYERS[kind](
        UNITS, dropout=rates[0], recurrent_dropout=rates[1], seed=3, return_sequences=True, **more
    )
    x, initial = random(9, BATCH, TIME, FEATURES), states_of(kind)
    w, rng = drawn(layer, x.shape), np.random.default_rng(10)
    keep = [rng.random((BATCH, n)) >= r for n, r in zip((FEATURES, UNITS), rates, strict=True)]
    factors = [k / (1 - r) if r < 1 else 0.0 * k for k, r in zip(keep, rates, strict=True)]
    y, *_ = by_hand(kind, layer, w, x, initial, np.ones_like(MASK), tuple(factors))
    draws = {"dropout_mask": keep[0], "recurrent_dropout_mask": keep[1]}
    same(layer(w, x, initial_state=initial, training=True, **draws), y)

    for training in (False, None):
        plain = LAYERS[kind](UNITS, return_sequences=True, **more)
        same(layer(w, x, training=training, **draws), plain(w, x, training=True))


def test_training_with_dropout_needs_the_draw() -> None:
    x = random(11, BATCH, TIME, FEATURES)
    w = drawn(GRU(UNITS), x.shape)
    with pytest.raises(TypeError, match=r"dropout=0\.5 needs the draw dropout_mask"):
        GRU(UNITS, dropout=0.5)(w, x, training=True)
    with pytest.raises(TypeError, match=r"needs the draw recurrent_dropout_mask"):
        GRU(UNITS, recurrent_dropout=0.5)(w, x, training=True)
    with pytest.raises(ValueError, match=r"dropout_mask of shape \(4, 3\): want \(4, 2\)"):
        GRU(UNITS, dropout=0.5)(w, x, training=True, dropout_mask=np.ones((4, 3), bool))


# ---- what is attached to the weights -------------------------------------------------------------


@pytest.mark.parametrize("make", [LSTM, LSTMCell])
def test_unit_forget_bias(make: Any) -> None:
    forced = attachments.initializer_of(make(2, bias_initializer="ones"), "bias")
    assert forced((8,)).tolist() == [0, 0, 1, 1, 0, 0, 0, 0]
    chosen = make(2, bias_initializer=Constant(3.0), unit_forget_bias=False)
    assert attachments.initializer_of(chosen, "bias") == Constant(3.0)


@pytest.mark.parametrize("kind", KINDS)
def test_arguments_reach_their_weights(kind: str) -> None:
    for made in (LAYERS[kind], CELLS[kind]):
        names = ("kernel_regularizer", "recurrent_regularizer", "bias_regularizer")
        layer = made(1, **{name: L1(10.0**i) for i, name in enumerate(names)})
        w = {"kernel": np.ones(1), "recurrent_kernel": np.ones(1), "bias": np.ones(1)}
        assert attachments.weight_losses(layer, w) == (1.0, 10.0, 100.0)
        bound = made(1, kernel_constraint="non_neg", bias_constraint="non_neg")
        signs = {role: float(v[0]) for role, v in attachments.constrain(
            bound, {role: -value for role, value in w.items()}).items()}  # fmt: skip
        assert signs == {"kernel": 0.0, "recurrent_kernel": -1.0, "bias": 0.0}


# ---- errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize("made", [*LAYERS.values(), *CELLS.values()])
def test_refused_on_construction(made: Any) -> None:
    for units in (0, -1, 2.0, "3", True):
        with pytest.raises(ValueError, match="units="):
            made(units)
    for name, rate in product(("dropout", "recurrent_dropout"), (-0.1, 1.5)):
        with pytest.raises(ValueError, match=f"^{name}="):
            made(1, **{name: rate})
    names = {"activation", "recurrent_activation"} & set(made.__dataclass_fields__)
    for name in names:
        with pytest.raises(ValueError, match="unknown activation"):
            made(1, **{name: "no_such"})
    assert len(names) == (1 if "Simple" in made.__name__ else 2)


@pytest.mark.parametrize("made", [LSTM, GRU])
def test_only_some_implementations_have_cudnn(made: Any) -> None:
    assert made(1, use_cudnn=False).cell == made(1).cell
    with pytest.raises(NotImplementedError, match="use_cudnn"):
        made(1, use_cudnn=True)


@pytest.mark.parametrize("kind", KINDS)
def test_refused_on_call(kind: str) -> None:
    layer, cell = LAYERS[kind](UNITS), CELLS[kind](UNITS)
    x, states = random(12, BATCH, TIME, FEATURES), states_of(kind)
    w = drawn(layer, x.shape)
    for wrong in (x[0], x[:, :0], x[..., None]):
        with pytest.raises(ValueError, match="x of shape"):
            layer(w, wrong)
        with pytest.raises(ValueError, match="x of shape"):
            layer.weights(wrong.shape)
    for mask in (MASK[:, :2], MASK[..., None], MASK[:2]):
        with pytest.raises(ValueError, match="mask of shape"):
            layer(w, x, mask=mask)
    for wrong in ([*states, states[0]], [s[:, :1] for s in states], [s[:1] for s in states]):
        with pytest.raises(ValueError, match="initial_state of shapes"):
            layer(w, x, initial_state=wrong)
        with pytest.raises(ValueError, match="states of shapes"):
            cell(w, x[:, 0], *wrong)
    with pytest.raises(ValueError, match="want \\(batch, features\\)"):
        cell(w, x, *states)
    if kind != "lstm":
        same(layer(w, x, initial_state=states[0]), layer(w, x, initial_state=states))
