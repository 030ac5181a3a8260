"""Inputs of any rank as sequences: the axes attended over become one, next to the features."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from ..core import Array, Shape, check
from .attending import both, order_of
from .normalizing import axes_of


@dataclass(frozen=True)
class SequenceLayout:
    """Where the positions of query and value are.

    query, value   shapes, (batch, …, features)
    axes           of both inputs, those that attention is over, in order; the others must agree

    >>> layout = SequenceLayout((2, 3, 4, 5), (2, 7, 4, 6), (1,))
    >>> layout.flat(np.zeros((2, 3, 4, 5))).shape, layout.flat(np.zeros((2, 7, 4, 6))).shape
    ((2, 4, 3, 5), (2, 4, 7, 6))
    >>> layout.restored(np.zeros((2, 4, 3, 8))).shape
    (2, 3, 4, 8)
    """

    query: Shape
    value: Shape
    axes: tuple[int, ...]

    def __post_init__(self) -> None:
        shapes = f"query {self.query} and value {self.value}"
        check(len(self.query) == len(self.value), f"{shapes} differ in rank")
        inner = {*axes_of(self.axes, self.query)} - {0, len(self.query) - 1}
        check(len(inner) == len(self.axes) > 0, f"axes {self.axes} of {shapes}: want others")
        others = [
            (q, v)
            for a, (q, v) in enumerate(zip(self.query, self.value, strict=True))
            if a not in inner
        ]
        check(all(q == v for q, v in others[:-1]), f"{shapes} differ outside axes {self.axes}")

    @property
    def targets(self) -> Shape:
        """The dimensions that t stands for."""
        return tuple(self.query[a] for a in self.axes)

    @property
    def sources(self) -> Shape:
        """The dimensions that s stands for."""
        return tuple(self.value[a] for a in self.axes)

    @property
    def others(self) -> int:
        """How many axes are neither attended over nor features: the batch, and further ones."""
        return len(self.query) - 1 - len(self.axes)

    def flat(self, x: Array) -> Array:
        """(batch, …, f) as (*others, t, f)."""
        last = tuple(range(self.others, x.ndim - 1))
        moved = np.moveaxis(x, self.axes, last)
        length = prod(moved.shape[self.others : -1])
        return moved.reshape(*moved.shape[: self.others], length, x.shape[-1])

    def flat_mask(self, mask: Array) -> Array:
        """A mask with one value for each position as (*others, t)."""
        return self.flat(mask[..., None])[..., 0]

    def flat_scores(self, mask: Array) -> Array:
        """A mask of scores, which may lack heads and leading axes, as (*others, h, t, s)."""
        pairs = (*self.targets, *self.sources)
        check(mask.ndim >= len(pairs), f"attention_mask of shape {mask.shape}: want (…, *{pairs})")
        lead = mask.shape[: mask.ndim - len(pairs)]
        full = np.broadcast_to(mask, (*lead, *pairs))
        flat = full.reshape(*lead, prod(self.targets), prod(self.sources))
        return flat if flat.ndim == self.others + 3 else flat[..., None, :, :]

    def allowed(self, call: Mapping[str, Any], window: int | None) -> Array | None:
        """Which t may see which s by all masks of a call, (*others, h, t, s); None: all see all.

        Any axis may be 1.
        """

        def of_positions(name: str, index: tuple[Any, ...]) -> Array | None:
            mask = call.get(name)
            return None if mask is None else self.flat_mask(mask)[index]

        as_target, as_source = (..., None, slice(None), None), (..., None, None, slice(None))
        causal, pairs = call.get("use_causal_mask", False), call.get("attention_mask")
        return both(
            order_of(prod(self.targets), prod(self.sources), causal=causal, window=window),
            of_positions("query_mask", as_target),
            of_positions("value_mask", as_source),
            of_positions("key_mask", as_source),
            None if pairs is None else self.flat_scores(pairs),
        )

    def restored(self, y: Array) -> Array:
        """(*others, t, *o) with the axes where those of the query are."""
        split = y.reshape(*y.shape[: self.others], *self.targets, *y.shape[self.others + 1 :])
        first = tuple(range(self.others, self.others + len(self.axes)))
        return np.moveaxis(split, first, self.axes)

    def restored_scores(self, a: Array) -> Array:
        """(*others, h, t, s) with the axes that t and s stand for."""
        return a.reshape(*a.shape[:-2], *self.targets, *self.sources)
