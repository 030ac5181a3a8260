"""Attention: a mean of the values, weighted by the likeness of query and key (Luong).

    z[t, s] = scale · Σ_d query[t, d] key[s, d]                                     "dot"
    z[t, s] = concat_score_weight · Σ_d tanh(scale · (query[t, d] + key[s, d]))     "concat"
    A = softmax_s(z)        y[t] = Σ_s A[t, s] value[s]

t, s, d are target positions, source positions and features.

Source: https://keras.io/api/layers/attention_layers/attention/ (Keras 3.15.1);
Luong, Pham & Manning 2015, https://arxiv.org/abs/1508.04025.
"""

from dataclasses import dataclass

import numpy as np

from ..core import Array, Shape, Weights, check
from .attending import check_rate
from .query_value_attention import QueryValueAttention, Scores, check_shapes

MODES = ("dot", "concat")


@dataclass(frozen=True)
class Attention(QueryValueAttention):
    """Let each target position gather values from the source positions; see QueryValueAttention.

    Shapes
        scale                 ()   if use_scale
        concat_score_weight   ()   if score_mode is "concat"

    Ambiguous: the formula of "concat", described as "the hyperbolic tangent of the concatenation".
    Readings (``readings``): above (here; Luong's vᵀ tanh(W [query; key]) with W = [1 1]); with the
    scale before the sum, as it scales "the scores"; the sum of tanh over both vectors.

    Raises ValueError
        on construction: another score_mode

    >>> x = np.log(np.array([[[2.0], [4.0]]]))
    >>> one = np.ones((1, 1, 1))
    >>> y, a = Attention()({}, one, x * 10.0, x, return_attention_scores=True)
    >>> a.round(3)
    array([[[0.333, 0.667]]])
    """

    use_scale: bool = False
    score_mode: str = "dot"
    dropout: float = 0.0
    seed: int | None = None

    def __post_init__(self) -> None:
        check(self.score_mode in MODES, f"score_mode={self.score_mode!r}: want one of {MODES}")
        check_rate(self.dropout)

    def weights(self, query: Shape, value: Shape, key: Shape | None = None) -> dict[str, Shape]:
        check_shapes(query, value, value if key is None else key)
        concat = self.score_mode == "concat"
        return dict.fromkeys(["scale"] * self.use_scale + ["concat_score_weight"] * concat, ())

    def scores_of(self, w: Weights, query: Array, key: Array) -> Scores:
        scale = w.get("scale", 1.0)
        if self.score_mode == "dot":
            return {"documented": scale * np.einsum("...td,...sd->...ts", query, key)}
        q, k, v = query[..., :, None, :], key[..., None, :, :], w["concat_score_weight"]
        found = {"tanh(scale · (query + key))": v * np.tanh(scale * (q + k)).sum(-1)}
        if self.use_scale:
            found["scale · tanh(query + key)"] = scale * v * np.tanh(q + k).sum(-1)
        both = np.tanh(q).sum(-1) + np.tanh(k).sum(-1)
        return found | {"tanh of both vectors": scale * v * both}
