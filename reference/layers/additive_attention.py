"""AdditiveAttention: a mean of the values, weighted by a nonlinear sum of query and key (Bahdanau).

    z[t, s] = Σ_d scale[d] tanh(query[t, d] + key[s, d])
    A = softmax_s(z)        y[t] = Σ_s A[t, s] value[s]

t, s, d are target positions, source positions and features.

Source: https://keras.io/api/layers/attention_layers/additive_attention/ (Keras 3.15.1);
Bahdanau, Cho & Bengio 2015, https://arxiv.org/abs/1409.0473.
"""

from dataclasses import dataclass

import numpy as np

from ..core import Array, Shape, Weights
from .attending import check_rate
from .query_value_attention import QueryValueAttention, Scores, check_shapes


@dataclass(frozen=True)
class AdditiveAttention(QueryValueAttention):
    """Let each target position gather values from the source positions; see QueryValueAttention.

    Shapes
        scale   (d,)   if use_scale

    Ambiguous: the shape of scale. It is called "a scalar variable", but is a vector in the paper
    and in Keras; here it is the vector. A scalar gives its multiple of the sum.

    >>> query, value = np.zeros((1, 1, 1)), np.arctanh(np.array([[[0.0], [0.5]]]))
    >>> w = {"scale": np.log(np.array([9.0]))}
    >>> AdditiveAttention()(w, query, value, return_attention_scores=True)[1].round(12)
    array([[[0.25, 0.75]]])
    """

    use_scale: bool = True
    dropout: float = 0.0

    def __post_init__(self) -> None:
        check_rate(self.dropout)

    def weights(self, query: Shape, value: Shape, key: Shape | None = None) -> dict[str, Shape]:
        check_shapes(query, value, value if key is None else key)
        return {"scale": query[-1:]} if self.use_scale else {}

    def scores_of(self, w: Weights, query: Array, key: Array) -> Scores:
        terms = np.tanh(query[..., :, None, :] + key[..., None, :, :])
        return {"documented": (w.get("scale", 1.0) * terms).sum(-1)}
