"""MultiHeadAttention: scaled dot-product attention in several heads.

    A_h = softmax_s( (Q W^Q_h)(K W^K_h)ᵀ / √key_dim ,  over the allowed s )
    y   = Σ_h  [G_h ∘] A_h (V W^V_h) W^O_h          G_h = σ(Q W^G_h), only if use_gate

Source: https://keras.io/api/layers/attention_layers/multi_head_attention/ (Keras 3.15.1);
Vaswani et al. 2017, https://arxiv.org/abs/1706.03762; Qiu et al. 2025 (use_gate),
https://arxiv.org/abs/2505.06708.
"""

from dataclasses import dataclass
from typing import Any

from ..core import Shape, check
from ..limits import not_covered
from .normalizing import axes_of
from .projected_attention import Dense, ProjectedAttention
from .sequence_layout import SequenceLayout


@dataclass(frozen=True)
class MultiHeadAttention(ProjectedAttention):
    """Attend in ``num_heads`` heads, over ``attention_axes``; see ProjectedAttention.

    Shapes, with h = num_heads, d = key_dim, e = value_dim or else d
        query, key /kernel       (f, h, d)      /bias (h, d)
        value, gate /kernel      (f, h, e)      /bias (h, e)
        attention_output/kernel  (h, e, *o)     /bias (*o,)     o = output_shape or query's f
        A                        (*others, h, *t, *s), t and s the dimensions of query and value in
                                 attention_axes, others those in no attention axis

    attention_axes is an int or several; None means all but the batch and the features. The axes of
    query and value that are not attended over agree.

    Ambiguous: masks, documented for inputs of rank 3. Here query_mask, value_mask and key_mask have
    the shape of the input without its features; the causal mask and the window go by the place of
    positions in row-major order over the attention axes.

    Raises ValueError
        on construction: num_heads, key_dim, value_dim or sliding_window not a positive int; dropout
            not from 0 to 1
        on build and call: value and key of different length; attention_axes outside the inputs, or
            the batch or the features; query and value that differ in rank or in another axis

    With W^Q = 0 every target averages what it may see:

    >>> names = "key/kernel", "value/kernel", "attention_output/kernel"
    >>> w = {name: np.ones((1, 1, 1)) for name in names} | {"query/kernel": np.zeros((1, 1, 1))}
    >>> x = np.array([[[1.0], [3.0], [5.0]]])
    >>> MultiHeadAttention(1, 1)(w, x, x, use_causal_mask=True).ravel()
    array([1., 2., 3.])
    """

    num_heads: int
    key_dim: int
    value_dim: int | None = None
    dropout: float = 0.0
    use_bias: bool = True
    output_shape: int | tuple[int, ...] | None = None
    attention_axes: int | tuple[int, ...] | None = None
    sliding_window: int | None = None
    flash_attention: bool | None = None
    kernel_initializer: Any = "glorot_uniform"
    bias_initializer: Any = "zeros"
    kernel_regularizer: Any = None
    bias_regularizer: Any = None
    activity_regularizer: Any = None
    kernel_constraint: Any = None
    bias_constraint: Any = None
    use_gate: bool = False
    seed: int | None = None

    def __post_init__(self) -> None:
        not_covered(flash_attention=self.flash_attention)
        self.check_arguments("num_heads", "key_dim", *["value_dim"] * (self.value_dim is not None))

    def dense(self, query: Shape, value: Shape, key: Shape) -> Dense:
        qk = (self.num_heads, self.key_dim)
        ve = (self.num_heads, self.key_dim if self.value_dim is None else self.value_dim)
        wanted = query[-1] if self.output_shape is None else self.output_shape
        out = (wanted,) if isinstance(wanted, int) else tuple(wanted)
        gate = {"gate": (query[-1:], ve)} if self.use_gate else {}
        into = {"query": (query[-1:], qk), "key": (key[-1:], qk)}
        return into | gate | {"value": (value[-1:], ve), "attention_output": (ve, out)}

    def layout(self, query: Shape, value: Shape) -> SequenceLayout:
        inner = tuple(range(1, len(query) - 1))
        axes = inner if self.attention_axes is None else axes_of(self.attention_axes, query)
        check(len(query) > 2, f"query of shape {query} has a rank below 3")
        return SequenceLayout(query, value, axes)
