"""What attention layers share: weights of a weighted mean, made from scores.

    A[…, t, s] = exp(z[…, t, s]) / Σ_r exp(z[…, t, r])

t is a target position; s and r are the source positions that it may attend to, and A is 0 for the
others. A target that may attend to nothing is left open by the documentation: ``NOTHING``.

Dropout, in training, drops elements of A and divides the others by 1 - rate. The draw is an
argument of the call, ``dropout_mask``; without one nothing is dropped.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from types import MappingProxyType
from typing import Any, Self

import numpy as np

from .. import activations
from ..core import Array, check

Instead = Callable[[Array], Array]
"""What A is where there is nothing to attend to, of the scores."""

NOTHING: dict[str, Instead] = {
    "nothing to attend to: 0": np.zeros_like,
    "nothing to attend to: uniform": lambda z: activations.softmax(z * 0.0),
    "nothing to attend to: as if unmasked": activations.softmax,
    "nothing to attend to: NaN": lambda z: np.full_like(z, np.nan),
}
"""The readings of it; the first is the reference's own."""

ZERO = next(iter(NOTHING))


def weights_of(
    z: Array,
    allowed: Array | None,
    instead: Instead = np.zeros_like,
    softmax: Callable[[Array], Array] = activations.softmax,
) -> Array:
    """A of the scores z; ``allowed`` broadcasts to z, None allows everything.

    >>> z, allowed = np.log([[3.0, 1.0], [9.0, 9.0]]), np.array([[True, True], [False, True]])
    >>> weights_of(z, allowed).round(12)
    array([[0.75, 0.25], [0.  , 1.  ]])
    """
    if allowed is None:
        return softmax(z)
    some = allowed.any(-1, keepdims=True)
    # exp(-inf) is 0; a row of nothing but -inf would be NaN.
    a = softmax(np.where(allowed, z, np.where(some, -np.inf, 0.0)))
    return np.where(some, a, instead(z))


def open_readings(allowed: Array | None, readings: dict[str, Instead]) -> dict[str, Instead]:
    """The readings that make a difference: all of them, or only the first."""
    everything = allowed is None or bool(allowed.any(-1).all())
    return {ZERO: readings[ZERO]} if everything else readings


def order_of(
    targets: int, sources: int, *, causal: bool = False, window: int | None = None
) -> Array | None:
    """Who may attend to whom by their positions alone, (targets, sources); None: to all.

    causal   source s may not come after target t: s ≤ t
    window   it may not be window or more positions away: |s - t| < window

    >>> order_of(3, 4, causal=True, window=2).astype(int)
    array([[1, 0, 0, 0], [1, 1, 0, 0], [0, 1, 1, 0]])
    """
    t, s = np.arange(targets)[:, None], np.arange(sources)
    rules = [s <= t] * causal + ([] if window is None else [abs(s - t) < window])
    return both(*rules)


def both(*masks: Array | None) -> Array | None:
    """True where every mask is; a mask that is None is True everywhere."""
    given = [mask.astype(bool) for mask in masks if mask is not None]
    result = given[0] if given else None
    for mask in given[1:]:
        result = result & mask
    return result


def dropout_factors(
    rate: float, training: bool | None, dropout_mask: Array | None
) -> Array | float | None:
    """What A is multiplied by: 1 / (1 - rate) where ``dropout_mask`` is True, 0 elsewhere.

    None outside training, and where there is no draw.

    >>> dropout_factors(0.75, True, np.array([True, False]))
    array([4., 0.])
    """
    if not training or dropout_mask is None or rate == 0.0:
        return None
    return dropout_mask / (1.0 - rate) if rate < 1.0 else 0.0


def check_rate(dropout: float) -> None:
    """Raise ValueError unless ``dropout`` is a fraction."""
    check(0.0 <= dropout <= 1.0, f"dropout={dropout!r}: want a number from 0 to 1")


class Attending:
    """A layer of scores and a softmax, whose output has the mask of its first input, the query.

    Ambiguous: whether it has. Readings (``mask_readings``): it has (here); no mask; the mask that
    the caller gives for the query.
    """

    softmax = staticmethod(activations.softmax)

    def by(self, **functions: Callable[..., Array]) -> Self:
        """The same layer by other formulas for the functions that it applies (``softmax``)."""
        other = copy(self)
        vars(other).update(functions)
        return other

    def compute_mask(self, *inputs: Array, masks: Sequence[Array | None]) -> Array | None:
        return masks[0]

    def mask_readings(
        self,
        *inputs: Array,
        masks: Sequence[Array | None],
        call: Mapping[str, Any] = MappingProxyType({}),
    ) -> dict[str, Array | None]:
        """The masks that the documentation leaves open, by name; first that of ``compute_mask``."""
        found = {"that of the query": masks[0], "none": None}
        given = call.get("query_mask", (call.get("mask") or [None])[0])
        return found if given is None else found | {"the one given": given}
