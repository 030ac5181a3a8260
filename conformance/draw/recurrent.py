"""Cases of recurrent layers: the cross product of masks, directions, states and what is returned.

Every option is drawn on its own, so that all pairs of them meet within a survey. Shapes are few and
short: compiled backends pay for each, and for every step that is unrolled.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st

from ...adapters.protocol import FUNCTIONS, Case, Step, stateful
from ...reference import oracle
from ...reference.core import Array, Shape
from ..places import rates
from .arrays import families, floats
from .attached import constraints, initializers, regularizers
from .cases import SEEDS, layer_case, nested
from .elementwise import arguments

SHAPES: tuple[tuple[Shape, int], ...] = (
    *(((2, 3, 2), 3), ((3, 3, 3), 3), ((1, 4, 3), 2), ((2, 1, 2), 2)),
    *(((256, 2, 4), 4), ((3, 3, 3), 3), ((256, 2, 4), 4)),
)
"""(batch, time, features), units: different, all equal, one example, one step, for statistics."""

SMOOTH = ("sigmoid", "linear", "softmax", "gelu", "tanh")

ACTIVATIONS = {
    "activation": st.sampled_from([*SMOOTH, "relu"]),
    "recurrent_activation": st.sampled_from(["tanh", "linear", "hard_sigmoid", "softmax"]),
}

ATTACHED = {
    "kernel_initializer": initializers(),
    "recurrent_initializer": initializers(),
    "bias_initializer": initializers(),
    "kernel_regularizer": regularizers(),
    "recurrent_regularizer": regularizers(),
    "bias_regularizer": regularizers(),
    "kernel_constraint": constraints(),
    "recurrent_constraint": constraints(),
    "bias_constraint": st.just("non_neg"),
}

RATES = {name: st.sampled_from([1.0, 0.5, 1.0, 0.25]) for name in ("dropout", "recurrent_dropout")}

FLAGS = ("return_sequences", "return_state", "go_backwards", "stateful", "unroll")
"""Options of every recurrent layer that are off unless they are given."""


@st.composite
def flags(draw: st.DrawFn, names: Sequence[str], value: bool = True) -> dict[str, bool]:
    """Each of ``names`` as ``value`` half of the time, absent otherwise."""
    return {name: value for name in names if draw(st.booleans())}


@st.composite
def cell_config(
    draw: st.DrawFn, on: Sequence[str] = (), *, gated: bool = True, plain: bool = False
) -> dict[str, Any]:
    """Arguments of a cell but its units; ``on`` are its own options that are on by default.

    ``plain``: smooth activations only, and nothing attached to the weights.
    """
    smooth = {name: st.sampled_from(SMOOTH) for name in ACTIVATIONS}
    optional = {**(smooth if plain else ACTIVATIONS | ATTACHED), **RATES, "seed": SEEDS}
    if not gated:
        optional.pop("recurrent_activation")
    return draw(arguments(optional)) | draw(flags(("use_bias", *on), value=False))


KINDS = (("LSTM", ("unit_forget_bias",)), ("GRU", ("reset_after",)), ("SimpleRNN", ()))
"""Layers with a cell of their own, and the options that their cells have on by default."""


@st.composite
def one_cell(draw: st.DrawFn, units: int) -> dict[str, Any]:
    """A cell inside another item."""
    kind, on = draw(st.sampled_from(KINDS))
    own = draw(cell_config(on, gated=kind != "SimpleRNN", plain=True))
    return nested(f"layers.{kind}Cell", units=units, **own)


@st.composite
def stack(draw: st.DrawFn, units: int) -> list[dict[str, Any]]:
    """One or two cells, the last one with ``units``."""
    below = [draw(one_cell(draw(st.sampled_from([units, 2]))))] if draw(st.booleans()) else []
    return [*below, draw(one_cell(units))]


@st.composite
def cells(draw: st.DrawFn, units: int) -> Any:
    """What RNN takes as its cell: a cell, a list of them, a stack."""
    match draw(st.integers(0, 3)):
        case 2:
            return draw(stack(units))
        case 3:
            return nested("layers.StackedRNNCells", cells=draw(stack(units)))
    return draw(one_cell(units))


@st.composite
def inner_layer(draw: st.DrawFn, units: int, options: Mapping[str, bool]) -> dict[str, Any]:
    """A recurrent layer inside another one, with these of its options."""
    if draw(st.integers(0, 3)) == 3:
        return nested("layers.RNN", cell=draw(one_cell(units)), **options)
    kind, on = draw(st.sampled_from(KINDS))
    own = draw(cell_config(on, gated=kind != "SimpleRNN", plain=True))
    return nested(f"layers.{kind}", units=units, **own, **options)


@st.composite
def step_masks(draw: st.DrawFn, shape: tuple[int, int]) -> Array:
    """True = use. Interior steps, leading and trailing ones, rows with nothing, whole steps."""
    kinds = ["interior", "leading", "trailing", "row", "step", "all"]
    kind, rng = draw(st.sampled_from(kinds)), np.random.default_rng([draw(SEEDS), *shape])
    (batch, time), places = shape, np.arange(shape[1])
    lengths = rng.integers(0, time, (batch, 1))
    match kind:
        case "interior":
            return rng.random(shape) < 0.6
        case "leading":
            return places >= lengths
        case "trailing":
            return places < time - lengths
        case "row":
            return np.broadcast_to(np.arange(batch)[:, None] > 0, shape).copy()
        case "step":
            return np.broadcast_to(places != rng.integers(0, time), shape).copy()
    return np.ones(shape, bool)


@st.composite
def training(draw: st.DrawFn, config: Mapping[str, Any]) -> dict[str, bool]:
    """``training``, absent or given; True only where nothing, or everything, is dropped."""
    certain = rates(config) <= {0.0, 1.0}
    given_ = draw(st.sampled_from([True, None, False] if certain else [False, None]))
    return {} if given_ is None else {"training": given_}


@st.composite
def recurrent_case(
    draw: st.DrawFn,
    item: str,
    config: Mapping[str, Any],
    shape: Shape,
    dtype: str,
    family: str = "",
) -> Case:
    """A case of a layer that runs over axis 1; twice, if stateful, and reset in between or not."""
    family = family or draw(families())
    first = draw(_call(item, config, shape, dtype, family))
    again: list[Step] = []
    if stateful(config) and draw(st.integers(0, 3)):
        again = [Step("reset_state")] if draw(st.booleans()) else []
        again.append(draw(_call(item, config, shape, dtype, family, start=False)))
    return draw(
        layer_case(
            item,
            config,
            first.inputs,
            dtype,
            family=family,
            masks=first.masks,
            call=first.call,
            again=again,
        )
    )


@st.composite
def _call(
    draw: st.DrawFn,
    item: str,
    config: Mapping[str, Any],
    shape: Shape,
    dtype: str,
    family: str,
    *,
    start: bool = True,
) -> Step:
    """One call: a mask carried or given, a state given or not."""
    call: dict[str, Any] = draw(training(config))
    x = floats(family, shape, dtype, draw(SEEDS))
    if start and draw(st.booleans()):
        seed, shapes = draw(SEEDS), state_shapes(item, config, shape)
        kind = family if family in ("small_integers", "iota", "ones") else "normal"
        call["initial_state"] = [floats(kind, s, dtype, seed + i) for i, s in enumerate(shapes)]
    carried = None
    if draw(st.booleans()):
        mask = draw(step_masks((shape[0], shape[1])))
        if draw(st.integers(0, 3)) == 3:
            call["mask"] = mask
        else:
            carried = mask
    return Step("call", (x,), (carried,), call)


def state_shapes(item: str, config: Mapping[str, Any], x: Shape) -> list[Shape]:
    """The shapes of all states that the layer takes as ``initial_state``."""
    layer = oracle(item, config, FUNCTIONS)
    ways = (layer.forward, layer.backward) if hasattr(layer, "forward") else (layer,)
    return [s for way in ways for s in way.cell.states((x[0], *x[2:]))]


@st.composite
def cell_case(
    draw: st.DrawFn,
    item: str,
    config: Mapping[str, Any],
    x: tuple[int, int],
    dtype: str,
    family: str = "",
) -> Case:
    """A case of one step of a cell: x and its states."""
    family, seed = family or draw(families()), draw(SEEDS)
    shapes = oracle(item, config, FUNCTIONS).states(x)
    kind = family if family in ("small_integers", "iota", "ones") else "normal"
    states = [floats(kind, shape, dtype, seed + i) for i, shape in enumerate(shapes, start=1)]
    inputs = [floats(family, x, dtype, seed), *states]
    call = draw(training(config))
    return draw(layer_case(item, config, inputs, dtype, family=family, call=call))
