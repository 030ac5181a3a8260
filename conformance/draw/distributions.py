"""Cases of softmax and its kin: slices along axes, each of which depends on itself only."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from ...adapters.protocol import Case
from ...reference.core import Array, Shape
from ..symmetries import ELEMENTWISE
from .cases import plain_case
from .elementwise import arguments
from .nonlinear import many_shapes, values

REVERSED = replace(ELEMENTWISE, name="reversal: elements in reverse give results in reverse")


@st.composite
def function_along_axis(draw: st.DrawFn, item: str, dtype: str) -> Case:
    """A case of a function with one ``axis``, positive or negative; no slice is empty."""
    shape = draw(many_shapes(1, 4))
    given = draw(arguments({"axis": axes_of(shape)}))
    axis = given.get("axis", -1)
    if shape[axis] == 0:
        shape = tuple(n or 2 for n in shape)
    family, x = draw(values(shape, dtype))
    return plain_case(item, given, x, dtype, family)


def axes_of(shape: Shape) -> st.SearchStrategy[int]:
    """Any axis, counted from either end; simplest the last."""
    rank = len(shape)
    return st.sampled_from([*range(-1, -rank - 1, -1), *range(rank)])


def along(program: Any) -> int | tuple[int, ...]:
    """The axis, or axes, of a case's configuration."""
    axis = program.case.config.get("axis", -1)
    return axis if isinstance(axis, int) else tuple(axis)


def with_infinities(program: Any, beside: float) -> dict[str, Callable[..., Any]]:
    """Readings of a slice that holds +inf: NaN there, and elsewhere ``beside`` instead of NaN."""
    axis = along(program)

    def reading(w: Any, x: Array, **call: Any) -> Array:
        y = program.layer(w, x, **call)
        ruled = (x == np.inf).any(axis, keepdims=True) & ~np.isnan(x).any(axis, keepdims=True)
        return np.where(ruled & (x < np.inf), beside, y)

    return {"the formula's limit beside +inf": reading}


def softmax_formulas(program: Any) -> list[Callable[..., Any]]:
    """The sum inverted once, then multiplied; and a shift that is not differentiated."""
    axis = along(program)

    def reciprocal(x: Array) -> Array:
        e = np.exp(x - x.max(axis, keepdims=True))
        return e * (1.0 / e.sum(axis, keepdims=True))

    def shifted_by_a_constant(x: Array) -> Array:
        e = np.exp(x - np.floor(x.max(axis, keepdims=True)))
        return e / e.sum(axis, keepdims=True)

    return [masked(f, axis) for f in (reciprocal, shifted_by_a_constant)]


def masked(formula: Callable[[Array], Array], axis: int | tuple[int, ...]) -> Callable[..., Any]:
    """A formula for softmax as one that takes a mask; 0 where all of a slice is masked."""

    def call(w: Any, x: Array, mask: Array | None = None) -> Array:
        if mask is None:
            return formula(x)
        keep = np.broadcast_to(mask, x.shape).astype(bool)
        instead = np.where(keep.any(axis, keepdims=True), -np.inf, 0.0)
        return np.where(keep, formula(np.where(keep, x, instead)), 0.0)

    return call


def with_masks(program: Any) -> dict[str, Callable[..., Any]]:
    """Readings of slices of masked elements and -inf alone, and of NaN or inf below a mask."""
    axis, layer = along(program), program.layer

    def instead(value: Callable[[Array], Any]) -> Callable[..., Any]:
        def reading(w: Any, x: Array, mask: Array | None = None) -> Array:
            y = layer(w, x) if mask is None else layer(w, x, mask=mask)
            kept = np.broadcast_to(True if mask is None else mask, x.shape).astype(bool)
            return np.where((kept & (x > -np.inf)).any(axis, keepdims=True), y, value(x))

        return reading

    def spoilt(w: Any, x: Array, mask: Array | None = None) -> Array:
        y = layer(w, x) if mask is None else layer(w, x, mask=mask)
        return y + np.where(np.isfinite(x), 0.0, np.nan).sum(axis, keepdims=True)

    def uniform(x: Array) -> Array:
        return 1.0 / np.ones(x.shape).sum(axis, keepdims=True)

    alone = "a slice without unmasked numbers"
    return {
        f"{alone} is 0": instead(lambda x: 0.0),
        f"{alone} is uniform": instead(uniform),
        f"{alone} is NaN": instead(lambda x: np.nan),
        f"{alone} ignores the mask": instead(lambda x: layer({}, x)),
        "masked elements that are not finite spoil their slice": spoilt,
    }
