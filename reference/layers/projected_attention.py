"""What MultiHeadAttention and GroupQueryAttention share: dot products of projected vectors.

    Q, K, V = query W^Q, key W^K, value W^V                each + its bias, for every head
    A = softmax_s( Q Kᵀ / √d ,  over the allowed s )
    y = Σ_h [G ∘] A V W^O + bias                           G = σ(query W^G + bias), if use_gate

Letters, used in every einsum
    … batch · t target · s source · f features · h head · d, e sizes of a head · o output
"""

from collections.abc import Mapping, Sequence
from math import prod, sqrt
from typing import Any

import numpy as np

from .. import activations
from ..core import Array, Shape, Weights, check
from .attending import (
    ZERO,
    both,
    check_rate,
    dropout_factors,
    open_readings,
    order_of,
    weights_of,
)
from .sequence_layout import SequenceLayout

Dense = dict[str, tuple[Shape, Shape]]
"""Name of a dense layer -> input and output axes of its kernel."""


class ProjectedAttention:
    """Let each target position t gather values from the source positions s it may see.

    Shapes
        query, value, key       (batch, …, f), each its own f; no key: value
        query_mask              (batch, …) of the query, True = a real position
        value_mask, key_mask    (batch, …) of the value; key_mask is not used without a key
        attention_mask          A's, without or with h; leading axes may be missing and any
                                dimension may be 1. True = t may see s
        dropout_mask            A's, True = kept
        y                       (batch, …, *o), … of the query
        A                       (batch, h, t, s), returned too with return_attention_scores
        mask of y               that of the query

    A target sees what every mask, the causal one and the window leave it.

    Ambiguous: a target that may see nothing, as where query_mask is False. Readings (``readings``):
    ``attending.NOTHING``; here its A is 0 and its y the output bias.
    Ambiguous: the A that is returned in training. Readings: before dropout (here); after it.
    Ambiguous: whether y has a mask. Readings: that of the query (here); none.
    """

    dropout: float
    use_bias: bool
    use_gate: bool
    sliding_window: int | None

    def dense(self, query: Shape, value: Shape, key: Shape) -> Dense:
        """The dense layers, in order."""
        raise NotImplementedError

    def layout(self, query: Shape, value: Shape) -> SequenceLayout:
        """Which axes t and s stand for."""
        raise NotImplementedError

    def check_arguments(self, *sizes: str) -> None:
        """Raise ValueError unless the fields named and sliding_window are positive ints."""
        for name in (*sizes, *["sliding_window"] * (self.sliding_window is not None)):
            value = getattr(self, name)
            check(type(value) is int and value > 0, f"{name}={value!r}: want a positive int")
        check_rate(self.dropout)

    def weights(self, query: Shape, value: Shape, key: Shape | None = None) -> dict[str, Shape]:
        key = value if key is None else key
        check(value[:-1] == key[:-1], f"value {value} and key {key} differ before the last axis")
        self.layout(query, value)
        shapes: dict[str, Shape] = {}
        for name, (fed, made) in self.dense(query, value, key).items():
            shapes[f"{name}/kernel"] = fed + made
            if self.use_bias:
                shapes[f"{name}/bias"] = made
        return shapes

    def __call__(
        self,
        w: Weights,
        query: Array,
        value: Array,
        key: Array | None = None,
        *,
        query_mask: Array | None = None,
        value_mask: Array | None = None,
        key_mask: Array | None = None,
        attention_mask: Array | None = None,
        return_attention_scores: bool = False,
        training: bool | None = None,
        use_causal_mask: bool = False,
        dropout_mask: Array | None = None,
    ) -> Array | tuple[Array, Array]:
        call = {
            **{"query_mask": query_mask, "value_mask": value_mask, "key_mask": key_mask},
            **{"attention_mask": attention_mask, "use_causal_mask": use_causal_mask},
            **{"training": training, "dropout_mask": dropout_mask},
        }
        made, a = self._attend(w, query, value, key, call)
        y = made["attention_output"]
        return (y, a) if return_attention_scores else y

    def activities(
        self, w: Weights, query: Array, value: Array, key: Array | None = None, **call: Any
    ) -> tuple[Array, ...]:
        """The output of each dense layer: what activity_regularizer is documented to apply to."""
        return tuple(self._attend(w, query, value, key, call)[0].values())

    def readings(
        self,
        w: Weights,
        query: Array,
        value: Array,
        key: Array | None = None,
        *,
        return_attention_scores: bool = False,
        **call: Any,
    ) -> dict[str, Array | tuple[Array, Array]]:
        """The results that the documentation leaves open, by name; the first is ``__call__``'s."""
        layout = self.layout(query.shape, value.shape)
        found = {}
        for name in open_readings(self._allowed(layout, key is not None, call)):
            made, a = self._attend(w, query, value, key, call, name)
            found[name] = (made["attention_output"], a)
        y, a = found[ZERO]
        if (factors := self._factors(layout, call)) is not None:
            found["A after dropout"] = (y, layout.restored_scores(layout.flat_scores(a) * factors))
        return found if return_attention_scores else {name: y for name, (y, _) in found.items()}

    def compute_mask(self, *inputs: Array, masks: Sequence[Array | None]) -> Array | None:
        return masks[0]

    def mask_readings(
        self, *inputs: Array, masks: Sequence[Array | None]
    ) -> dict[str, Array | None]:
        """The masks that the documentation leaves open, by name; first that of ``compute_mask``."""
        return {"that of the query": masks[0], "none": None}

    def _attend(
        self,
        w: Weights,
        query: Array,
        value: Array,
        key: Array | None,
        call: Mapping[str, Any],
        nothing: str = ZERO,
    ) -> tuple[dict[str, Array], Array]:
        """The outputs of the dense layers, and A."""
        layout = self.layout(query.shape, value.shape)

        def project(name: str, x: Array) -> Array:
            y = np.einsum("...tf,fhd->...thd", layout.flat(x), w[f"{name}/kernel"])
            return y + w.get(f"{name}/bias", 0.0)

        made = {"query": project("query", query)}
        if self.use_gate:
            made["gate"] = activations.sigmoid(project("gate", query))
        made["key"] = project("key", value if key is None else key)
        made["value"] = project("value", value)

        *_, heads, d = made["query"].shape
        k, v = (np.repeat(made[n], heads // made[n].shape[-2], axis=-2) for n in ("key", "value"))
        z = np.einsum("...thd,...shd->...hts", made["query"], k) / sqrt(d)
        a = weights_of(z, self._allowed(layout, key is not None, call), nothing)
        factors = self._factors(layout, call)
        mean = np.einsum("...hts,...she->...the", a if factors is None else a * factors, v)
        if self.use_gate:
            mean = mean * made["gate"]
        y = np.tensordot(mean, w["attention_output/kernel"], 2)
        made["attention_output"] = layout.restored(y + w.get("attention_output/bias", 0.0))
        return made, layout.restored_scores(a)

    def _allowed(
        self, layout: SequenceLayout, has_key: bool, call: Mapping[str, Any]
    ) -> Array | None:
        """Which t may see which s: (*others, h, t, s), any axis possibly 1; None: all see all."""

        def of_positions(name: str, index: tuple[Any, ...]) -> Array | None:
            mask = call.get(name)
            return None if mask is None else layout.flat_mask(mask)[index]

        as_target, as_source = (..., None, slice(None), None), (..., None, None, slice(None))
        causal, pairs = call.get("use_causal_mask", False), call.get("attention_mask")
        targets, sources = prod(layout.targets), prod(layout.sources)
        return both(
            order_of(targets, sources, causal=causal, window=self.sliding_window),
            of_positions("query_mask", as_target),
            of_positions("value_mask", as_source),
            of_positions("key_mask", as_source) if has_key else None,
            None if pairs is None else layout.flat_scores(pairs),
        )

    def _factors(self, layout: SequenceLayout, call: Mapping[str, Any]) -> Array | float | None:
        mask = call.get("dropout_mask")
        flat = None if mask is None else layout.flat_scores(mask)
        return dropout_factors(self.dropout, call.get("training"), flat)
