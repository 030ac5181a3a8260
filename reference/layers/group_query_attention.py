"""GroupQueryAttention: scaled dot-product attention whose query heads share keys and values.

    A_h = softmax_s( (Q W^Q_h)(K W^K_g)ᵀ / √head_dim ,  over the allowed s )      g = ⌊h / r⌋
    y   = Σ_h  [G_h ∘] A_h (V W^V_g) W^O_h          G_h = σ(Q W^G_h), only if use_gate

h counts num_query_heads, g num_key_value_heads, and r is their ratio: each head of key and value is
repeated r times.

Source: https://keras.io/api/layers/attention_layers/group_query_attention/ (Keras 3.15.1);
Ainslie et al. 2023, https://arxiv.org/abs/2305.13245; Qiu et al. 2025 (use_gate),
https://arxiv.org/abs/2505.06708.
"""

from dataclasses import dataclass
from typing import Any

from ..core import Shape, check
from ..limits import not_covered
from .projected_attention import Dense, ProjectedAttention
from .sequence_layout import SequenceLayout


@dataclass(frozen=True)
class GroupQueryAttention(ProjectedAttention):
    """Attend in ``num_query_heads`` heads, grouped; see ProjectedAttention.

    Shapes, with h = num_query_heads, g = num_key_value_heads, d = head_dim
        query, value, key        (batch, t, f), (batch, s, f), (batch, s, f)
        query, gate /kernel      (f, h, d)      /bias (h, d)
        key, value /kernel       (f, g, d)      /bias (g, d)
        attention_output/kernel  (h, d, f)      /bias (f,)     f of the query, as in y
        A                        (batch, h, t, s)

    Raises ValueError
        on construction: head_dim, num_query_heads, num_key_value_heads or sliding_window not a
            positive int; num_query_heads no multiple of num_key_value_heads; dropout not from 0
            to 1
        on build and call: value and key of different length; inputs of a rank other than 3

    With W^Q = 0 every target averages what it may see:

    >>> w = {name: np.ones((1, 1, 1)) for name in ("key/kernel", "value/kernel")}
    >>> w |= {"query/kernel": np.zeros((1, 2, 1)), "attention_output/kernel": np.ones((2, 1, 1))}
    >>> x = np.array([[[1.0], [3.0], [5.0]]])
    >>> GroupQueryAttention(1, 2, 1)(w, x, x, use_causal_mask=True).ravel()
    array([2., 4., 6.])
    """

    head_dim: int
    num_query_heads: int
    num_key_value_heads: int
    dropout: float = 0.0
    use_bias: bool = True
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
        self.check_arguments("head_dim", "num_query_heads", "num_key_value_heads")
        heads, groups = self.num_query_heads, self.num_key_value_heads
        check(heads % groups == 0, f"num_query_heads={heads} is no multiple of {groups}")

    def dense(self, query: Shape, value: Shape, key: Shape) -> Dense:
        own = (self.num_query_heads, self.head_dim)
        shared = (self.num_key_value_heads, self.head_dim)
        gate = {"gate": (query[-1:], own)} if self.use_gate else {}
        into = {"query": (query[-1:], own), "key": (key[-1:], shared)}
        return into | gate | {"value": (value[-1:], shared), "attention_output": (own, query[-1:])}

    def layout(self, query: Shape, value: Shape) -> SequenceLayout:
        check(len(query) == 3, f"query of shape {query} has a rank other than 3")
        return SequenceLayout(query, value, (1,))
