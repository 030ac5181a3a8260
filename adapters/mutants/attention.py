"""Mutants of chapter 13, attention: a scale, a mask, an order of heads or of positions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ...reference import layers
from ...reference.core import Array, Weights
from . import Mutant


def _allowed_with(name: str, value: Any) -> Any:
    """A method that answers as if a call's argument were another one."""

    def allowed(self: Any, layout: Any, has_key: bool, call: Any) -> Array | None:
        return self.genuine._allowed(self, layout, has_key, dict(call) | {name: value})

    return allowed


class MultiHeadScaleOfWhole(layers.MultiHeadAttention):
    """Scores are divided by key_dim, not its root."""

    def _projected(self, w: Weights, *arguments: Any) -> dict[str, Array]:
        made = super()._projected(w, *arguments)
        return made | {"query": made["query"] / np.sqrt(self.key_dim)}


class MultiHeadCausalShifted(layers.MultiHeadAttention):
    """A target does not see its own position, except the first."""

    def _allowed(self, layout: Any, has_key: bool, call: Any) -> Array | None:
        allowed = super()._allowed(layout, has_key, call)
        if allowed is None or not call.get("use_causal_mask"):
            return allowed
        t, s = np.arange(allowed.shape[-2])[:, None], np.arange(allowed.shape[-1])
        return allowed & (s < np.maximum(t, 1))


class MultiHeadAttentionMaskIgnored(layers.MultiHeadAttention):
    """attention_mask is ignored."""

    genuine = layers.MultiHeadAttention
    _allowed = _allowed_with("attention_mask", None)


class MultiHeadValueMaskIgnored(layers.MultiHeadAttention):
    """value_mask is ignored."""

    genuine = layers.MultiHeadAttention
    _allowed = _allowed_with("value_mask", None)


class MultiHeadWindowTooWide(layers.MultiHeadAttention):
    """A target sees sliding_window positions to either side."""

    def _allowed(self, layout: Any, has_key: bool, call: Any) -> Array | None:
        wide = None if self.sliding_window is None else self.sliding_window + 1
        other = replace(self, sliding_window=wide)
        return layers.MultiHeadAttention._allowed(other, layout, has_key, call)


class MultiHeadUngated(layers.MultiHeadAttention):
    """The gate is 1 where it should be ½."""

    sigmoid = staticmethod(lambda x: np.minimum(1.0, 2.0 * layers.MultiHeadAttention.sigmoid(x)))


class GroupInterleaved(layers.GroupQueryAttention):
    """Query head h uses key head h mod g, not h // r."""

    def _projected(self, w: Weights, *arguments: Any) -> dict[str, Array]:
        made = super()._projected(w, *arguments)
        groups = self.num_key_value_heads
        order = np.arange(self.num_query_heads) % groups
        return made | {name: made[name][..., order, :] for name in ("key", "value")}


class GroupScaleOfWhole(layers.GroupQueryAttention):
    """Scores are divided by head_dim, not its root."""

    def _projected(self, w: Weights, *arguments: Any) -> dict[str, Array]:
        made = super()._projected(w, *arguments)
        return made | {"query": made["query"] / np.sqrt(self.head_dim)}


class GroupCausalIgnored(layers.GroupQueryAttention):
    """use_causal_mask is ignored."""

    genuine = layers.GroupQueryAttention
    _allowed = _allowed_with("use_causal_mask", False)


class GroupValueMaskIgnored(layers.GroupQueryAttention):
    """value_mask is ignored."""

    genuine = layers.GroupQueryAttention
    _allowed = _allowed_with("value_mask", None)


class AttentionScaled(layers.Attention):
    """Scores are divided by the root of the number of features."""

    def scores_of(self, w: Weights, query: Array, key: Array) -> dict[str, Array]:
        found = super().scores_of(w, query, key)
        return {name: z / np.sqrt(query.shape[-1]) for name, z in found.items()}


class AttentionKeyForValue(layers.Attention):
    """The mean is of the key."""

    def __call__(self, w: Weights, query: Array, value: Array, *key: Array, **call: Any) -> Any:
        same = key and key[0].shape == value.shape
        return super().__call__(w, query, key[0] if same else value, *key, **call)


class AttentionQueryMaskIgnored(layers.Attention):
    """The query's mask is ignored."""

    def __call__(self, w: Weights, *inputs: Array, mask: Any = None, **call: Any) -> Any:
        return super().__call__(w, *inputs, mask=mask and [None, *mask[1:]], **call)


class AdditiveWithoutScale(layers.AdditiveAttention):
    """scale is not used."""

    def scores_of(self, w: Weights, query: Array, key: Array) -> dict[str, Array]:
        return super().scores_of({}, query, key)


class AdditiveValueMaskIgnored(layers.AdditiveAttention):
    """The value's mask is ignored."""

    def __call__(self, w: Weights, *inputs: Array, mask: Any = None, **call: Any) -> Any:
        return super().__call__(w, *inputs, mask=mask and [mask[0], None], **call)


class AdditiveCausalIgnored(layers.AdditiveAttention):
    """use_causal_mask is ignored."""

    def __call__(self, w: Weights, *inputs: Array, **call: Any) -> Any:
        return super().__call__(w, *inputs, **call | {"use_causal_mask": False})


def _of(item: str, *mutants: tuple[str, type, str]) -> dict[str, Mutant]:
    item = f"layers.{item}"
    return {f"{item}.{name}": Mutant(item, change, what) for name, change, what in mutants}


MUTANTS = {
    **_of(
        "GroupQueryAttention",
        ("interleaved", GroupInterleaved, "head h uses key h mod g"),
        ("scale_of_whole", GroupScaleOfWhole, "1 / head_dim, not 1 / √head_dim"),
        ("causal_ignored", GroupCausalIgnored, "use_causal_mask is ignored"),
        ("value_mask_ignored", GroupValueMaskIgnored, "value_mask is ignored"),
    ),
    **_of(
        "MultiHeadAttention",
        ("scale_of_whole", MultiHeadScaleOfWhole, "1 / key_dim, not 1 / √key_dim"),
        ("causal_shifted", MultiHeadCausalShifted, "the causal mask is off by one"),
        ("attention_mask_ignored", MultiHeadAttentionMaskIgnored, "attention_mask is ignored"),
        ("value_mask_ignored", MultiHeadValueMaskIgnored, "value_mask is ignored"),
        ("window_too_wide", MultiHeadWindowTooWide, "sliding_window is off by one"),
        ("ungated", MultiHeadUngated, "the gate is off by a factor"),
    ),
    **_of(
        "Attention",
        ("scaled", AttentionScaled, "scores are divided by √d"),
        ("key_for_value", AttentionKeyForValue, "the mean is of the key"),
        ("query_mask_ignored", AttentionQueryMaskIgnored, "the query's mask is ignored"),
    ),
    **_of(
        "AdditiveAttention",
        ("without_scale", AdditiveWithoutScale, "scale is not used"),
        ("value_mask_ignored", AdditiveValueMaskIgnored, "the value's mask is ignored"),
        ("causal_ignored", AdditiveCausalIgnored, "use_causal_mask is ignored"),
    ),
}
