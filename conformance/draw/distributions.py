"""Cases of softmax and its kin: slices along one axis, or several, that depend on themselves only."""

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
