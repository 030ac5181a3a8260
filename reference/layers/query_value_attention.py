"""What Attention and AdditiveAttention share: everything but the scores.

A = softmax_s( scores(query, key),  over the allowed s )
y[t] = Σ_s A[t, s] value[s]          0 where query_mask is False
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..activations import softmax
from ..core import Array, Shape, Weights, check
from .attending import (
    NOTHING,
    Attending,
    both,
    dropout_factors,
    open_readings,
    order_of,
    weights_of,
)

LOWERED = {"nothing to attend to: 1e9 off each score": lambda z: softmax(z - 1e9)}
"""Masked scores are often lowered by a large number, to the same effect where any is not masked."""

Scores = dict[str, Array]
"""What the scores may be by the documentation, by name; the first is the reference's own."""


class QueryValueAttention(Attending):
    """A layer that attends by ``scores_of`` query and key, without weights for the value.

    Shapes
        query          (batch, t, d)
        value, key     (batch, s, e), (batch, s, d); no key: value
        mask           [query_mask, value_mask]: (batch, t) and (batch, s), True = a real position;
                       each may be None; more entries are not used
        dropout_mask   (batch, t, s), True = kept
        y              (batch, t, e); with return_attention_scores also A, (batch, t, s)

    Ambiguous: a target that may attend to nothing. Readings (``readings``): NOTHING, LOWERED; its
    A and y are 0 here, as masked values "do not contribute".
    Ambiguous: the A that is returned in training. Readings: before dropout (here), as it is that
    "after masking and softmax"; after dropout.

    Raises ValueError
        on construction: dropout not from 0 to 1
        on build and call: query and key of different d; value and key of different s; a mask of one
            entry
    """

    dropout: float

    def carried_masks(self, masks: Sequence[Array | None]) -> dict[str, Any]:
        """The masks that the inputs carry, as ``mask``."""
        return {"mask": list(masks)} if any(mask is not None for mask in masks) else {}

    def scores_of(self, w: Weights, query: Array, key: Array) -> Scores:
        """The readings of the scores, (batch, t, s)."""
        raise NotImplementedError

    def __call__(
        self,
        w: Weights,
        query: Array,
        value: Array,
        key: Array | None = None,
        *,
        mask: Sequence[Array | None] | None = None,
        training: bool = False,
        return_attention_scores: bool = False,
        use_causal_mask: bool = False,
        dropout_mask: Array | None = None,
    ) -> Array | tuple[Array, Array]:
        key = value if key is None else key
        check_shapes(query.shape, value.shape, key.shape)
        z = next(iter(self.scores_of(w, query, key).values()))
        a = weights_of(z, _allowed(z.shape, mask, use_causal_mask), softmax=self.softmax)
        y = _mean(a, value, mask, dropout_factors(self.dropout, training, dropout_mask))
        return (y, a) if return_attention_scores else y

    def readings(
        self,
        w: Weights,
        query: Array,
        value: Array,
        key: Array | None = None,
        *,
        mask: Sequence[Array | None] | None = None,
        training: bool = False,
        return_attention_scores: bool = False,
        use_causal_mask: bool = False,
        dropout_mask: Array | None = None,
        only: str | None = None,
    ) -> dict[str, Array | tuple[Array, Array]]:
        """The results that the documentation leaves open, by name; the first is ``__call__``'s.

        ``only`` is the name of one that suffices.
        """
        scores = self.scores_of(w, query, value if key is None else key)
        own, z = next(iter(scores.items()))
        allowed = _allowed(z.shape, mask, use_causal_mask)
        rows = open_readings(allowed, NOTHING | LOWERED)
        if only in {*rows, *scores} - {own}:
            rows = {name: instead for name, instead in rows.items() if name == only}
            scores = {name: z for name, z in scores.items() if name == only}
        weights = {name: weights_of(z, allowed, instead) for name, instead in rows.items()}
        weights |= {name: weights_of(z, allowed) for name, z in scores.items() if name != own}
        factors = dropout_factors(self.dropout, training, dropout_mask)
        found = {name: (_mean(a, value, mask, factors), a) for name, a in weights.items()}
        if factors is not None:
            y, a = next(iter(found.values()))
            found["A after dropout"] = (y, a * factors)
        return dict(found) if return_attention_scores else {n: y for n, (y, _) in found.items()}


def check_shapes(query: Shape, value: Shape, key: Shape) -> None:
    """Raise ValueError unless the shapes fit each other."""
    check(query[-1] == key[-1], f"query {query} and key {key} differ in their last dimension")
    check(value[:-1] == key[:-1], f"value {value} and key {key} differ in length")


def _allowed(
    shape: Shape, mask: Sequence[Array | None] | None, use_causal_mask: bool
) -> Array | None:
    """Which t may attend to which s, of the shape of the scores; None: all to all."""
    check(mask is None or len(mask) > 1, "mask: want [query_mask, value_mask]")
    value_mask = None if mask is None else mask[1]
    here = None if value_mask is None else value_mask[..., None, :]
    allowed = both(order_of(*shape[-2:], causal=use_causal_mask), here)
    return None if allowed is None else np.broadcast_to(allowed, shape)


def _mean(
    a: Array,
    value: Array,
    mask: Sequence[Array | None] | None,
    factors: Array | float | None,
) -> Array:
    """The weighted mean of the values."""
    y = (a if factors is None else a * factors) @ value
    if mask is None or mask[0] is None:
        return y
    return np.where(mask[0].astype(bool)[..., None], y, 0.0)
