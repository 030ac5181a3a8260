"""From a drawn configuration and drawn inputs to a Case."""

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from ...adapters.protocol import FUNCTIONS, Case, Step
from ...reference import oracle
from ...reference.core import Array
from .arrays import families, floats

SEEDS = st.integers(0, 2**16)


def nested(item: str, **config: Any) -> dict[str, Any]:
    """A regularizer, constraint, initializer or layer inside a configuration."""
    return {"$item": item, "config": config}


def plain_case(
    item: str, config: Mapping[str, Any], x: Array, dtype: str, family: str, **call: Any
) -> Case:
    """A case of an item without weights: a function, regularizer, constraint."""
    step = Step("call", (x,), (None,), call)
    return Case(item, dict(config), {}, (step,), dtype, family=family)


@st.composite
def layer_case(
    draw: st.DrawFn,
    item: str,
    config: Mapping[str, Any],
    inputs: Sequence[Array],
    dtype: str,
    *,
    family: str = "",
    masks: Sequence[Array | None] | None = None,
    call: Mapping[str, Any] | None = None,
    again: Sequence[Step] = (),
) -> Case:
    """A case that builds a layer on ``inputs``, gives it drawn weights and calls it.

    The weights have families of their own, never all zeros or ones by default: uniform weights hide
    transposed ones. ``again`` are further steps on the same instance. A configuration or shape that
    the oracle refuses gives a case without weights (it is a case of the property ``invalid``).
    """
    masks = (None,) * len(inputs) if masks is None else tuple(masks)
    call_step = Step("call", tuple(inputs), masks, dict(call or {}))
    try:
        layer = oracle(item, config, FUNCTIONS)
        shapes = layer.weights(*(x.shape for x in inputs))
    except ValueError:
        return Case(item, dict(config), {}, (call_step, *again), dtype, family=family)
    seed, kind = draw(SEEDS), draw(st.sampled_from(["small_integers", "normal", "normal", "wide"]))
    if family in ("small_integers", "zeros", "ones", "iota"):
        kind = "small_integers"
    weights = {
        role: floats(kind, shape, dtype, seed + place)
        for place, (role, shape) in enumerate(shapes.items())
    }
    steps = (Step("build", tuple(inputs), masks), call_step, *again)
    return Case(item, dict(config), weights, steps, dtype, family=family)


@st.composite
def drawn_floats(draw: st.DrawFn, shape: tuple[int, ...], dtype: str, special: bool = True) -> Any:
    """(family, array of it)."""
    family = draw(families(special))
    return family, floats(family, shape, dtype, draw(SEEDS))
