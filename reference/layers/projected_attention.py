"""What MultiHeadAttention and GroupQueryAttention share: everything but the shapes of weights.

Letters in every einsum: … batch, t target, s source, f features, h head, d and e sizes of a head.
"""

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any

import numpy as np

from .. import activations
from ..core import Array, Shape, Weights, check
from .attending import (
    NOTHING,
    Attending,
    Instead,
    check_rate,
    dropout_factors,
    open_readings,
    weights_of,
)
from .sequence_layout import SequenceLayout

Call = Mapping[str, Any]
Dense = dict[str, tuple[Shape, Shape]]
"""Name of a dense layer -> input and output axes of its kernel."""


class ProjectedAttention(Attending):
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

    A target sees what all masks and the window leave it.

    Ambiguous: a target that may see nothing, as where query_mask is False. Readings (``readings``):
    NOTHING; here its A is 0 and its y the output bias.
    Ambiguous: the A that is returned in training. Readings: before dropout (here); after it.
    """

    dropout: float
    use_bias: bool
    use_gate: bool
    sliding_window: int | None

    sigmoid = staticmethod(activations.sigmoid)

    @staticmethod
    def scores(query: Array, key: Array) -> Array:
        """The scores of projected queries and keys, (…, h, t, s)."""
        return np.einsum("...thd,...shd->...hts", query, key) / sqrt(query.shape[-1])

    def dense(self, query: Shape, value: Shape, key: Shape) -> Dense:
        """The dense layers, in order."""
        raise NotImplementedError

    def layout(self, query: Shape, value: Shape) -> SequenceLayout:
        """Which axes t and s stand for."""
        raise NotImplementedError

    def unit_axes(self, role: str) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
        """The axes of a kernel that its input units and its output units lie along."""
        if not role.endswith("kernel"):
            return None
        made = getattr(self, "output_shape", None)
        last = tuple(range(2, 2 + (len(made) if isinstance(made, tuple | list) else 1)))
        return ((0, 1), last) if role.startswith("attention_output") else ((0,), (1, 2))

    def carried_masks(self, masks: Sequence[Array | None]) -> dict[str, Array | None]:
        """The masks that the inputs carry, by argument."""
        return dict(zip(("query_mask", "value_mask", "key_mask"), masks, strict=False))

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
            "query_mask": query_mask,
            "value_mask": value_mask,
            "key_mask": key_mask,
            "attention_mask": attention_mask,
            "training": training,
            "use_causal_mask": use_causal_mask,
            "dropout_mask": dropout_mask,
        }
        _, y, a = self._attend(w, (query, value, key), call)
        return (y, a) if return_attention_scores else y

    def activities(
        self, w: Weights, query: Array, value: Array, key: Array | None = None, **call: Any
    ) -> tuple[Array, ...]:
        """The outputs of the dense layers: what activity_regularizer is documented to penalise."""
        made, y, _ = self._attend(w, (query, value, key), call)
        return (*made.values(), y)

    def readings(
        self,
        w: Weights,
        query: Array,
        value: Array,
        key: Array | None = None,
        *,
        only: str | None = None,
        return_attention_scores: bool = False,
        **call: Any,
    ) -> dict[str, Array | tuple[Array, Array]]:
        """The results that are left open, by name, first ``__call__``'s; ``only`` this suffices."""
        layout = self.layout(query.shape, value.shape)
        found: dict[str, Any] = {}
        open_to = open_readings(self._allowed(layout, key is not None, call), NOTHING)
        for name in [only] if only in open_to else open_to:
            found[name] = self._attend(w, (query, value, key), call, open_to[name])[1:]
        y, a = next(iter(found.values()))
        if only not in open_to and (factors := self._factors(layout, call)) is not None:
            found["A after dropout"] = (y, layout.restored_scores(layout.flat_scores(a) * factors))
        return found if return_attention_scores else {name: y for name, (y, _) in found.items()}

    def _attend(
        self,
        w: Weights,
        inputs: tuple[Array, Array, Array | None],
        call: Mapping[str, Any],
        instead: Instead = np.zeros_like,
    ) -> tuple[dict[str, Array], Array, Array]:
        """The outputs of the dense layers that read an input, y and A."""
        query, value, key = inputs
        layout = self.layout(query.shape, value.shape)
        made = self._projected(w, layout, query, value, value if key is None else key)
        heads = made["query"].shape[-2]
        k, v = (np.repeat(made[n], heads // made[n].shape[-2], axis=-2) for n in ("key", "value"))
        z = self.scores(made["query"], k)
        a = weights_of(z, self._allowed(layout, key is not None, call), instead, self.softmax)
        factors = self._factors(layout, call)
        mean = np.einsum("...hts,...she->...the", a if factors is None else a * factors, v)
        y = np.tensordot(mean * made.get("gate", 1.0), w["attention_output/kernel"], 2)
        y = y + w.get("attention_output/bias", 0.0)
        return made, layout.restored(y), layout.restored_scores(a)

    def _projected(
        self, w: Weights, layout: SequenceLayout, query: Array, value: Array, key: Array
    ) -> dict[str, Array]:
        """What they give, (*others, t, h, d)."""

        def dense(name: str, x: Array) -> Array:
            y = np.einsum("...tf,fhd->...thd", layout.flat(x), w[f"{name}/kernel"])
            return y + w.get(f"{name}/bias", 0.0)

        made = {"query": dense("query", query), "key": dense("key", key)}
        if self.use_gate:
            made["gate"] = self.sigmoid(dense("gate", query))
        return made | {"value": dense("value", value)}

    def _allowed(self, layout: SequenceLayout, has_key: bool, call: Call) -> Array | None:
        """Which t may see which s: (*others, h, t, s), any axis possibly 1; None: all see all."""
        return layout.allowed(call if has_key else {**call, "key_mask": None}, self.sliding_window)

    def _factors(self, layout: SequenceLayout, call: Mapping[str, Any]) -> Array | float | None:
        kept = call.get("dropout_mask")
        kept = None if kept is None else layout.flat_scores(kept)
        return dropout_factors(self.dropout, call.get("training"), kept)
