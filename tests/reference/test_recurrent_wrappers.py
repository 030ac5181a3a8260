"""RNN, StackedRNNCells, TimeDistributed, Bidirectional: nothing but the parts they are made of."""

from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import pytest

from layerproof.reference import attachments
from layerproof.reference.layers import Add, Dense, Embedding, Masking, Softmax
from layerproof.reference.layers.bidirectional import Bidirectional
from layerproof.reference.layers.conv_lstm import ConvLSTM1D
from layerproof.reference.layers.gru import GRU, GRUCell
from layerproof.reference.layers.lstm import LSTM, LSTMCell
from layerproof.reference.layers.rnn import RNN
from layerproof.reference.layers.simple_rnn import SimpleRNN, SimpleRNNCell
from layerproof.reference.layers.stacked_rnn_cells import StackedRNNCells
from layerproof.reference.layers.time_distributed import TimeDistributed
from layerproof.reference.regularizers import L1

CLOSE = 1e-13
"""The same operations in the same order: what NumPy may differ by between layouts."""

MASK = np.array([[1, 1, 1, 1], [0, 1, 0, 1], [1, 0, 0, 0], [0, 0, 0, 0]], bool)
BATCH, TIME, FEATURES = 4, 4, 2
X = np.random.default_rng(0).normal(size=(BATCH, TIME, FEATURES))

MERGED = {
    "sum": lambda a, b: a + b,
    "mul": lambda a, b: a * b,
    "concat": lambda a, b: np.concatenate([a, b], axis=-1),
    "ave": lambda a, b: 0.5 * a + 0.5 * b,
}


def random(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


def drawn(layer: Any, *shapes: tuple[int, ...]) -> dict[str, np.ndarray]:
    return {role: random(i, *s) for i, (role, s) in enumerate(layer.weights(*shapes).items())}


def under(w: dict[str, np.ndarray], prefix: str) -> dict[str, np.ndarray]:
    return {role[len(prefix) :]: v for role, v in w.items() if role.startswith(prefix)}


def same(got: Any, want: Any) -> None:
    got, want = (r if isinstance(r, tuple) else (r,) for r in (got, want))
    assert len(got) == len(want)
    for a, b in zip(got, want, strict=True):
        assert a.shape == b.shape
        np.testing.assert_allclose(a, b, rtol=CLOSE, atol=CLOSE)


# ---- RNN and StackedRNNCells ---------------------------------------------------------------------


@pytest.mark.parametrize("sequences", [False, True])
@pytest.mark.parametrize("zero", [False, True])
def test_rnn_of_a_cell_is_the_layer(sequences: bool, zero: bool) -> None:
    pairs = ((LSTMCell(3), LSTM), (GRUCell(3), GRU), (SimpleRNNCell(3), SimpleRNN))
    for (cell, made), backwards in product(pairs, (False, True)):
        options = {"return_sequences": sequences, "return_state": True, "go_backwards": backwards}
        rnn, layer = RNN(cell, **options, zero_output_for_mask=zero), made(3, **options)
        w = drawn(rnn, X.shape)
        assert rnn.weights(X.shape) == {
            f"cell/{role}": shape for role, shape in layer.weights(X.shape).items()
        }
        same(rnn(w, X), layer(under(w, "cell/"), X))
        y, *states = layer(under(w, "cell/"), X, mask=MASK)
        if sequences and zero:
            y = y * (MASK[:, ::-1] if backwards else MASK)[..., None]
        same(rnn(w, X, mask=MASK), (y, *states))


@pytest.mark.parametrize("masked", [False, True])
def test_a_stack_is_layer_upon_layer(masked: bool) -> None:
    cells = [LSTMCell(3), GRUCell(2), SimpleRNNCell(4)]
    stack = RNN(cells, return_sequences=True, return_state=True)
    assert RNN(StackedRNNCells(cells), return_sequences=True, return_state=True) == stack
    w = drawn(stack, X.shape)
    assert [role for role in w if "bias" in role] == [f"cell/cells/{i}/bias" for i in range(3)]
    # Masks with a used first step: what y is before the first one is open.
    call = {"mask": MASK | [True, False, False, False]} if masked else {}
    initial = [
        [random(20, BATCH, 3), random(21, BATCH, 3)],
        random(22, BATCH, 2),
        random(23, BATCH, 4),
    ]

    layers = [made(n, return_sequences=True, return_state=True)
              for made, n in ((LSTM, 3), (GRU, 2), (SimpleRNN, 4))]  # fmt: skip
    y, last = X, []
    for i, layer in enumerate(layers):
        own = under(w, f"cell/cells/{i}/")
        y, *states = layer(own, y, initial_state=initial[i], **call)
        last += states
    same(stack(w, X, initial_state=initial, **call), (y, *last))


def test_stacked_cells_step_in_order() -> None:
    cells = (GRUCell(3), StackedRNNCells([LSTMCell(2), SimpleRNNCell(2)]))
    stack = StackedRNNCells(cells)
    x = X[:, 0]
    states = [random(30 + i, BATCH, n) for i, n in enumerate((3, 2, 2, 2))]
    w = drawn(stack, x.shape, *(s.shape for s in states))
    assert [r for r in w if "bias" in r] == [
        "cells/0/bias", "cells/1/cells/0/bias", "cells/1/cells/1/bias"
    ]  # fmt: skip
    first, h = cells[0](under(w, "cells/0/"), x, states[0])
    middle, *memory = LSTMCell(2)(under(w, "cells/1/cells/0/"), first, *states[1:3])
    y, last = SimpleRNNCell(2)(under(w, "cells/1/cells/1/"), middle, states[3])
    same(stack(w, x, *states), (y, h, *memory, last))
    assert stack.states(x.shape) == tuple(s.shape for s in states)


def test_before_the_first_used_step_a_stack_has_its_last_state() -> None:
    rnn = RNN([LSTMCell(2), LSTMCell(2)], return_sequences=True)
    w, initial = drawn(rnn, X.shape), [random(40 + i, BATCH, 2) for i in range(4)]
    kept, zero = rnn.readings(w, X, mask=MASK, initial_state=initial).values()
    np.testing.assert_array_equal(kept[3], np.tile(initial[2][3], (TIME, 1)))
    assert (zero[3] == 0).all()


def test_draws_of_a_stack_come_cell_by_cell() -> None:
    cells = [GRUCell(3, dropout=0.5), GRUCell(2, dropout=0.25, recurrent_dropout=0.5)]
    rnn, x = RNN(cells), X[:, :1]
    w, rng = drawn(rnn, X.shape), np.random.default_rng(1)
    keep = [rng.random((BATCH, n)) < 0.5 for n in (FEATURES, 3, 2)]
    got = rnn(w, x, training=True, dropout_mask=keep[:2], recurrent_dropout_mask=[None, keep[2]])
    h = GRUCell(3)(under(w, "cell/cells/0/"), x[:, 0] * keep[0] / 0.5, np.zeros((BATCH, 3)))[0]
    same(got, GRUCell(2)(under(w, "cell/cells/1/"), h * keep[1] / 0.75, np.zeros((BATCH, 2)))[0])


def test_stateful_stack() -> None:
    rnn = RNN([LSTMCell(2), GRUCell(3)], return_sequences=True, stateful=True)
    w = drawn(rnn, X.shape)
    carried = rnn.update(w, X[:, :1])
    assert {role: v.shape for role, v in carried.items()} == {
        "state/0": (BATCH, 2), "state/1": (BATCH, 2), "state/2": (BATCH, 3)
    }  # fmt: skip
    same(rnn(w | carried, X[:, 1:]), rnn(w, X)[:, 1:])


def test_parts_that_are_no_cells() -> None:
    for wrong in (Dense(2), GRU(2), None):
        with pytest.raises(ValueError, match="is no RNN cell"):
            RNN(wrong)
        with pytest.raises(ValueError, match="is no RNN cell"):
            StackedRNNCells([GRUCell(2), wrong])
    with pytest.raises(ValueError, match="is empty"):
        RNN([])
    stack = StackedRNNCells([GRUCell(2), GRUCell(2)])
    w = drawn(stack, (BATCH, FEATURES))
    with pytest.raises(ValueError, match="states of shapes"):
        stack(w, X[:, 0], random(1, BATCH, 2))


# ---- Bidirectional -------------------------------------------------------------------------------


def halves(made: Any, masked: bool, w: dict, initial: list | None) -> tuple[tuple, tuple]:
    """(y, *states) of both layers, each on its own; y, if it has steps, in the order of x."""
    results = []
    for way, layer in (("forward/", made.forward), ("backward/", made.backward)):
        own = None if initial is None else initial[:2] if way == "forward/" else initial[2:]
        call = {"initial_state": own} | ({"mask": MASK} if masked else {})
        y, *states = replace(layer, return_state=True)(under(w, way), X, **call)
        if layer.return_sequences and layer.go_backwards:
            y = y[:, ::-1]
        if layer.return_sequences and masked:
            y = y * MASK[..., None]
        results.append((y, states))
    return tuple(results)


@pytest.mark.parametrize("mode", [*MERGED, None])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("backwards", [False, True])
def test_bidirectional_is_two_layers(mode: str | None, masked: bool, backwards: bool) -> None:
    for sequences, state, given in product((False, True), repeat=3):
        options = {"return_sequences": sequences, "return_state": state}
        ahead = LSTM(3, go_backwards=backwards, **options)
        back = LSTM(3, activation="relu", go_backwards=not backwards, **options)
        layer = Bidirectional(ahead, merge_mode=mode, backward_layer=back)
        w = drawn(layer, X.shape)
        initial = [random(60 + i, BATCH, 3) for i in range(4)] if given else None
        call = {"initial_state": initial} | ({"mask": MASK} if masked else {})
        (a, states), (b, more) = halves(layer, masked, w, initial)
        ys = (a, b) if mode is None else (MERGED[mode](a, b),)
        if sequences and backwards:
            ys = tuple(y[:, ::-1] for y in ys)  # as listed by the forward layer
        want = (*ys, *states, *more) if state else ys
        same(layer(w, X, **call), want)
        first = next(iter(layer.readings(w, X, **call).values()))
        same(first, want)


def test_readings_of_bidirectional() -> None:
    w = drawn(Bidirectional(GRU(3)), X.shape)
    ahead, back = GRU(3, return_sequences=True), GRU(3, return_sequences=True, go_backwards=True)
    both = Bidirectional(back, "sum", backward_layer=ahead)
    found = both.readings(w, X, mask=MASK)
    same(found["in the order of x"], both(w, X, mask=MASK)[:, ::-1])

    apart = Bidirectional(ahead, None)
    listed = apart.readings(w, X, mask=MASK)["backward as listed"]
    same(listed[0], apart(w, X, mask=MASK)[0])
    same(listed[1], back(under(w, "backward/"), X, mask=MASK) * MASK[:, ::-1, None])

    initial = [random(70, BATCH, 3), random(71, BATCH, 3)]
    kept, zero = Bidirectional(GRU(3)).readings(w, X, mask=MASK, initial_state=initial).values()
    same(kept[3], np.concatenate([initial[0][3], initial[1][3]]))
    assert (zero[3] == 0).all()
    assert "in the order of x" not in Bidirectional(GRU(3), None).readings(w, X)


def test_masks_of_bidirectional() -> None:
    for sequences, backwards in product((False, True), repeat=2):
        layer = GRU(2, return_sequences=sequences, go_backwards=backwards)
        both = Bidirectional(layer)
        want = layer.compute_mask(X, masks=(MASK,))
        np.testing.assert_array_equal(both.compute_mask(X, masks=(MASK,)), want)
        assert list(both.mask_readings(X, masks=(MASK,))) == list(
            layer.mask_readings(X, masks=(MASK,))
        )


def test_bidirectional_carries_both_states() -> None:
    both = Bidirectional(LSTM(2, stateful=True))
    w = drawn(both, X.shape)
    carried = both.update(w, X)
    assert list(carried) == [
        "forward/state/0", "forward/state/1", "backward/state/0", "backward/state/1"
    ]  # fmt: skip
    same(both(w | carried, X), both(w, X, initial_state=list(carried.values())))
    assert both.reset_state(w | carried) == w
    assert Bidirectional(LSTM(2)).update(w, X) == {}


def test_draws_of_bidirectional_come_in_pairs() -> None:
    both = Bidirectional(GRU(2, dropout=0.5, recurrent_dropout=0.5), "sum")
    w, rng = drawn(both, X.shape), np.random.default_rng(3)
    keep = [rng.random((BATCH, FEATURES)) < 0.5 for _ in range(4)]
    got = both(w, X, training=True, dropout_mask=keep[:2], recurrent_dropout_mask=keep[2:])
    parts = [
        layer(under(w, way), X, training=True, dropout_mask=a, recurrent_dropout_mask=b)
        for way, layer, a, b in (("forward/", both.forward, keep[0], keep[2]),
                                 ("backward/", both.backward, keep[1], keep[3]))
    ]  # fmt: skip
    same(got, parts[0] + parts[1])
    plain = Bidirectional(GRU(2), "sum")
    same(both(w, X, training=False), plain(w, X))


def test_bidirectional_over_images_and_stacks() -> None:
    x = random(5, BATCH, TIME, 3, 2)
    layer = ConvLSTM1D(2, 2, padding="same", return_sequences=True)
    both = Bidirectional(layer, "sum")
    w = drawn(both, x.shape)
    back = replace(layer, go_backwards=True)(under(w, "backward/"), x, mask=MASK)[:, ::-1]
    total = layer(under(w, "forward/"), x, mask=MASK) + back
    same(both(w, x, mask=MASK), total * MASK[..., None, None])
    stack = Bidirectional(RNN([GRUCell(2), GRUCell(2)]))
    assert "backward/cell/cells/1/bias" in stack.weights(X.shape)


def test_refused_by_bidirectional() -> None:
    with pytest.raises(ValueError, match="merge_mode='max'"):
        Bidirectional(GRU(2), "max")
    with pytest.raises(ValueError, match="has no go_backwards"):
        Bidirectional(Dense(2))
    for name in ("return_sequences", "return_state", "stateful"):
        with pytest.raises(ValueError, match=name):
            Bidirectional(GRU(2), backward_layer=GRU(2, go_backwards=True, **{name: True}))
    for way in (False, True):
        with pytest.raises(ValueError, match="both have go_backwards"):
            Bidirectional(GRU(2, go_backwards=way), backward_layer=GRU(2, go_backwards=way))
    with pytest.raises(NotImplementedError, match="weights"):
        Bidirectional(GRU(2), weights=[np.ones(1)])
    both = Bidirectional(GRU(2))
    with pytest.raises(ValueError, match="want two halves"):
        both(drawn(both, X.shape), X, initial_state=[random(1, BATCH, 2)])


# ---- TimeDistributed -----------------------------------------------------------------------------


def test_time_distributed_is_the_layer_at_every_step() -> None:
    for inner, x in ((Dense(3), X), (GRU(2, return_state=True), random(1, 4, 3, 5, 2))):
        layer = TimeDistributed(inner)
        w = drawn(layer, x.shape)
        assert list(w) == [f"layer/{role}" for role in inner.weights(x[:, 0].shape)]
        got = layer(w, x)
        for t in range(x.shape[1]):
            now = tuple(y[:, t] for y in got) if isinstance(got, tuple) else got[:, t]
            same(now, inner(under(w, "layer/"), x[:, t]))
    a, b = random(2, 2, 3, 4), random(3, 2, 3, 4)
    same(TimeDistributed(Add())({}, a, b), a + b)


def test_masks_and_training_go_to_the_layer_if_it_takes_them() -> None:
    @dataclass(frozen=True)
    class Probe:
        """Says what it was called with."""

        def weights(self, x: tuple[int, ...]) -> dict:
            return {}

        def __call__(self, w: dict, x: np.ndarray, *, training: Any = 7, mask: Any = None) -> Any:
            told = 0.0 if mask is None else mask[:, None] * 1.0
            return x * 0 + told, x * 0 + training

    probe = TimeDistributed(Probe())
    told, training = probe({}, X, mask=MASK, training=True)
    np.testing.assert_array_equal(told, np.broadcast_to(MASK[..., None], X.shape))
    assert (training == 1).all()
    told, training = probe({}, X)
    assert (told == 0).all()
    assert (training == 7).all()
    w = drawn(TimeDistributed(Dense(3)), X.shape)
    same(TimeDistributed(Dense(3))(w, X, mask=MASK, training=True), TimeDistributed(Dense(3))(w, X))

    inner = np.random.default_rng(4).random((2, 3, 4)) < 0.7
    x = random(6, 2, 3, 4)
    got = TimeDistributed(Softmax())({}, x, mask=inner)
    same(got[:, 1], Softmax()({}, x[:, 1], mask=inner[:, 1]))


def test_masks_of_time_distributed() -> None:
    layer = TimeDistributed(Dense(2))
    assert layer.compute_mask(X, masks=(MASK,)) is MASK
    assert layer.compute_mask(X, masks=(None,)) is None
    assert list(layer.mask_readings(X, masks=(MASK,))) == ["that of x"]
    words = np.array([[[1, 0], [0, 2]]])
    found = TimeDistributed(Embedding(3, 2, mask_zero=True)).mask_readings(words, masks=(None,))
    assert found["that of x"] is None
    np.testing.assert_array_equal(found["that of the layer"], words != 0)


def test_readings_of_time_distributed() -> None:
    x = np.where(MASK[..., None, None], 1.0, 5.0) * np.ones((BATCH, TIME, 3, 2))
    zero, unchanged = TimeDistributed(Masking(5.0)).readings({}, x).values()
    same(zero, np.where(MASK[..., None, None], x, 0.0))
    same(unchanged, x)
    assert TimeDistributed(Dense(2)).readings({}, X) == {}


def test_time_distributed_finds_what_the_step_before_changed() -> None:
    x = random(7, 2, 3, 4, 2)
    inner = GRU(2, stateful=True)
    layer = TimeDistributed(inner)
    w = drawn(layer, x.shape)
    own, want = under(w, "layer/"), []
    for t in range(3):
        want.append(inner(own, x[:, t]))
        own = own | inner.update(own, x[:, t])
    same(layer(w, x), np.stack(want, axis=1))
    changed = layer.update(w, x)
    same(changed["layer/state/0"], own["state/0"])
    assert layer.reset_state(w | changed) == w
    dense = TimeDistributed(Dense(2))
    assert dense.update(drawn(dense, X.shape), X) == {}


def test_refused_by_time_distributed() -> None:
    layer = TimeDistributed(Dense(2))
    for wrong in (X[0], X[:, :0]):
        with pytest.raises(ValueError, match="x of shape"):
            layer.weights(wrong.shape)
        with pytest.raises(ValueError, match="x of shape"):
            layer(drawn(layer, X.shape), wrong)
    with pytest.raises(ValueError, match="different lengths"):
        TimeDistributed(Add())({}, X, X[:, :2])
    with pytest.raises(ValueError, match="is no layer"):
        TimeDistributed("dense")


# ---- what is attached to the weights -------------------------------------------------------------


def test_arguments_of_the_parts_reach_their_weights() -> None:
    cell = LSTMCell(2, recurrent_regularizer=L1(1.0), bias_constraint="non_neg")
    owners = {
        "cell/": RNN(cell),
        "cells/1/": StackedRNNCells([GRUCell(2), cell]),
        "cell/cells/1/": RNN([GRUCell(2), cell]),
        "forward/cell/": Bidirectional(RNN(cell)),
        "backward/": Bidirectional(GRU(2), backward_layer=LSTM(
            2, go_backwards=True, recurrent_regularizer=L1(1.0), bias_constraint="non_neg")),
        "layer/cell/": TimeDistributed(RNN(cell)),
    }  # fmt: skip
    for prefix, owner in owners.items():
        w = {f"{prefix}recurrent_kernel": np.ones((2, 8)), f"{prefix}bias": -np.ones(8)}
        assert attachments.weight_losses(owner, w) == (16.0,)
        after = attachments.constrain(owner, w)
        np.testing.assert_array_equal(after[f"{prefix}bias"], np.zeros(8))
        initial = attachments.initializer_of(owner, f"{prefix}bias")((8,))
        assert initial.tolist() == [0, 0, 1, 1, 0, 0, 0, 0]
