"""Cases of attention layers: lengths and sizes that agree, masks alone and together."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
from hypothesis import strategies as st

from ...adapters.protocol import Case
from ...reference import activations
from ...reference.core import Array, Shape
from ..bounds import FORMATS
from ..program import Program
from ..symmetries import BATCH_INDEPENDENT
from .arrays import families, floats
from .attached import constraints, initializers, masks, regularizers
from .cases import SEEDS, layer_case
from .elementwise import arguments

SMALL = (
    *((2, 3, 2), (3, 3, 3), (2, 2, 4), (1, 3, 4), (2, 1, 3), (2, 3, 1), (2, 2, 2)),
    *((2, 4, 2), (2, 3, 4)),
)
"""(batch, positions, features), a fixed palette, for compiled backends pay for every new shape."""

LARGE = (4, 16, 16)
"""For statistics over a whole survey: two in five cases."""

CARRIED = {
    "kernel_initializer": initializers(),
    "bias_initializer": initializers(),
    "kernel_regularizer": regularizers(),
    "bias_regularizer": regularizers(),
    "activity_regularizer": regularizers(),
    "kernel_constraint": constraints(),
    "bias_constraint": st.just("non_neg"),
}
"""What every dense layer of a projected attention layer gets."""


_USUALLY = st.sampled_from([True, True, False])

FLAGS = {"return_attention_scores": _USUALLY, "use_causal_mask": _USUALLY}
"""Arguments of every call."""


NEAR = 8
"""Scores may be off by so many roundings of the largest."""


@st.composite
def query_shape(draw: st.DrawFn) -> Shape:
    """(batch, positions, features)."""
    return LARGE if draw(st.integers(0, 4)) > 2 else draw(st.sampled_from(SMALL))


@st.composite
def source(draw: st.DrawFn, query: Shape) -> int:
    """How many positions to attend to; often as many as there are targets."""
    return query[1] if draw(st.booleans()) else draw(st.sampled_from([4, 1, 2, 3]))


@st.composite
def inputs(draw: st.DrawFn, shapes: tuple[Shape, ...], dtype: str) -> tuple[str, list[Array]]:
    """(family, arrays of it), one for each shape."""
    family, seed = draw(families()), draw(SEEDS)
    return family, [floats(family, s, dtype, seed + place) for place, s in enumerate(shapes)]


def tame(case: Case) -> Case:
    """The case with smaller kernels in half precision: scores are products of four arrays."""
    if case.dtype not in ("bfloat16", "float16"):
        return case
    weights = {r: w / w.dtype.type(8) if "kernel" in r else w for r, w in case.weights.items()}
    return msgspec.structs.replace(case, weights=weights)


@st.composite
def masks_of(draw: st.DrawFn, shapes: tuple[Shape, ...]) -> list[Array | None]:
    """A mask of positions or none for each input."""
    likely = (st.integers(0, 1), *[st.integers(0, 2)] * len(shapes[1:]))
    some = zip(likely, shapes, strict=True)
    return [draw(masks(s[:-1])) if draw(chance) else None for chance, s in some]


@st.composite
def dropout(draw: st.DrawFn, inference: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(arguments of the layer, of the call). What is dropped is random, so only in inference."""
    if draw(st.integers(0, 2)) == 2:
        rate = draw(st.sampled_from([0.5, 0.1, 1.0]))
        return {"dropout": rate}, dict(inference) if draw(st.booleans()) else {}
    return {}, {"training": draw(st.booleans())} if draw(st.booleans()) else {}


def _derive(case: Case) -> Case | None:
    """A mask of pairs says nothing about single examples unless it has a batch axis."""
    step = case.calls[0]
    pairs = step.call.get("attention_mask")
    batch = len(step.inputs[0])
    if pairs is not None and (pairs.ndim < 3 or len(pairs) != batch):
        return None
    return BATCH_INDEPENDENT.derive(case)


INDEPENDENT_EXAMPLES = replace(BATCH_INDEPENDENT, derive=_derive)


def pairs_mask(shape: Shape) -> st.SearchStrategy[np.ndarray]:
    """Which target may see which source, with or without leading axes."""
    return st.sampled_from([shape, shape[1:], (1, *shape[1:])]).flatmap(masks)


def shifted(z: Array) -> Array:
    """The softmax over the last axis, its shift a constant for derivatives."""
    e = np.exp(z - np.floor(z.max(-1, keepdims=True)))
    return e / e.sum(-1, keepdims=True)


def saturating(x: Array) -> Array:
    """The sigmoid; on the right by tanh, whose derivative vanishes with its distance from 1."""
    e = np.exp(np.where(x >= 0, -x, x))
    return np.where(x >= 0, 0.5 + 0.5 * np.tanh(0.5 * x), e / (1.0 + e))


def scaled_before(query: Array, key: Array) -> Array:
    """The scores of projected queries that are scaled themselves."""
    query = query * (1.0 / np.sqrt(query.shape[-1]))
    return np.einsum("...thd,...shd->...hts", query, key)


def formulas(program: Any) -> list[Callable[..., Any]]:
    """Other softmaxes, sigmoids and scores that an implementation may use."""
    others = {"softmax": shifted, "sigmoid": saturating, "scores": scaled_before}
    known = {name: f for name, f in others.items() if hasattr(program.layer, name)}
    return [program.layer.by(**known)]


def kinks(program: Any) -> dict[str, Array]:
    """Examples in which rounding alone decides which score is the largest: no gradient passes.

    Where scores are so large that their differences drown in rounding, but not the softmax of
    these, implementations see ties, whose derivatives have nothing to do with the exact ones.
    """
    seen: list[Array] = []
    noted = lambda z: activations.softmax(seen.append(z) or z)  # noqa: E731
    results = Program(program.case, program.layer.by(softmax=noted)).exact
    batch = len(results[0][1])
    u = FORMATS[program.case.dtype].u
    decided = np.zeros(batch, bool)
    for z in seen:
        if z.shape[-1] > 1:
            finite = np.where(np.isfinite(z), z, 0.0)
            first, second = np.sort(finite, -1)[..., -1], np.sort(finite, -1)[..., -2]
            rounding = NEAR * u * np.abs(finite).max(-1)
            drowned = (first - second <= rounding) & (rounding > 1.0)
            decided |= drowned.reshape(batch, -1).any(-1)
    return {
        f"outputs/{slot.which}": np.broadcast_to(
            decided.reshape(batch, *(1,) * (np.ndim(y) - 1)), np.shape(y)
        )
        for slot, y in results
        if slot.what == "output"
    }


def readings(program: Any) -> dict[str, Callable[..., Any]]:
    """Of infinite scores: limits in the place of inf - inf.

    Where all scores are -inf by their own values, 0 as where all are masked; 0 beside +inf.
    """
    if program.case.family != "infinite":
        return {}

    def masked(z: Array) -> Array:
        some = (z != -np.inf).any(-1, keepdims=True)
        return np.where(some, activations.softmax(np.where(some, z, 0.0)), 0.0)

    def beside(z: Array) -> Array:
        ruled = (z == np.inf).any(-1, keepdims=True) & ~np.isnan(z).any(-1, keepdims=True)
        return np.where(ruled & (z < np.inf), 0.0, activations.softmax(z))

    return {
        "nothing but scores of -inf: 0": program.layer.by(softmax=masked),
        "0 beside scores of +inf": program.layer.by(softmax=beside),
    }


OF_ATTENTION = {
    "kinks": kinks,
    "alternates": formulas,
    "readings": readings,
    "laws": (INDEPENDENT_EXAMPLES,),
}
"""What the conformance files of attention layers declare alike."""


@st.composite
def query_value_case(
    draw: st.DrawFn, item: str, dtype: str, choices: Mapping[str, st.SearchStrategy[Any]]
) -> Case:
    """A case of a layer that attends by query and value, with a key in half of the cases."""
    query = draw(query_shape())
    value = (query[0], draw(source(query)), query[2])
    shapes = (query, value)
    if draw(st.booleans()):
        features = draw(st.sampled_from([query[2], query[2], 3, 1]))
        shapes = (query, (*value[:-1], features), value)
    config, call = draw(dropout({"training": False}))
    config |= draw(arguments(dict(choices)))
    call |= draw(arguments(FLAGS))
    kind = draw(st.sampled_from(["none", "carried", "given", "both", "none"]))
    carried = draw(masks_of(shapes)) if kind in ("carried", "both") else None
    if kind in ("given", "both"):
        call["mask"] = draw(masks_of(shapes[:2]))
    family, arrays = draw(inputs(shapes, dtype))
    return draw(
        layer_case(item, config, arrays, dtype, family=family, masks=carried, call=call)
    )


@st.composite
def projected_call(draw: st.DrawFn, shapes: tuple[Shape, ...]) -> tuple[Any, dict[str, Any]]:
    """(masks that the inputs carry, keyword arguments) for inputs of rank 3."""
    query, value = shapes[0], shapes[1]
    call = draw(arguments(FLAGS))
    kind = draw(st.sampled_from(["none", "pairs", "carried", "given", "all", "carried"]))
    carried = draw(masks_of(shapes)) if kind in ("carried", "all") else None
    if kind in ("pairs", "all"):
        call["attention_mask"] = draw(pairs_mask((query[0], query[1], value[1])))
    if kind == "given":
        names = ("query_mask", "value_mask", "key_mask")[: len(shapes)]
        given = zip(names, draw(masks_of(shapes)), strict=True)
        call |= {name: mask for name, mask in given if mask is not None}
    return carried, call
