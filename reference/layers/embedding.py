"""Embedding: a table of vectors, looked up by index.

    y[…, d] = embeddings[x[…], d]

Source: https://keras.io/api/layers/core_layers/embedding/ (Keras 3.15.1)
"""

from typing import Any

from ..core import Array, Shape, Weights, check
from ..limits import not_covered


class Embedding:
    """Turn every index into the row of ``embeddings`` that it names.

    Shapes
        x            (batch, length), or any other: integers from 0 to input_dim - 1
        embeddings   (input_dim, output_dim)
        y            (*x.shape, output_dim)
        mask of y    x.shape, False where x is 0, if mask_zero; otherwise y has no mask

    The argument ``weights`` is the initial value of ``embeddings``, in place of the initializer.

    Ambiguous: an index outside the table, for which no value is documented. Here ValueError.
    Ambiguous: a mask that x carries. Here it is not used.

    Raises ValueError
        on construction: weights of another shape than (input_dim, output_dim)
        on call: an index outside the table

    >>> embedding = Embedding(3, 2, mask_zero=True)
    >>> x, w = np.array([[2, 0]]), {"embeddings": np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])}
    >>> embedding(w, x)
    array([[[5., 6.], [1., 2.]]])
    >>> embedding.compute_mask(x, masks=(None,))
    array([[ True, False]])
    """

    def __init__(  # written out because ``weights`` is an argument and a method
        self,
        input_dim: int,
        output_dim: int,
        embeddings_initializer: Any = "uniform",
        embeddings_regularizer: Any = None,
        embeddings_constraint: Any = None,
        mask_zero: bool = False,
        weights: Array | None = None,
        lora_rank: int | None = None,
        lora_alpha: int | None = None,
        quantization_config: Any = None,
    ) -> None:
        not_covered(
            lora_rank=lora_rank, lora_alpha=lora_alpha, quantization_config=quantization_config
        )
        self.input_dim, self.output_dim, self.mask_zero = input_dim, output_dim, mask_zero
        self.embeddings_initializer = embeddings_initializer if weights is None else weights
        self.embeddings_regularizer = embeddings_regularizer
        self.embeddings_constraint = embeddings_constraint
        table = (input_dim, output_dim)
        shape = table if weights is None else weights.shape
        check(shape == table, f"weights of shape {shape}: want {table}")

    def weights(self, x: Shape) -> dict[str, Shape]:
        return {"embeddings": (self.input_dim, self.output_dim)}

    def __call__(self, w: Weights, x: Array) -> Array:
        inside = ((x >= 0) & (x < self.input_dim)).all()
        check(bool(inside), f"an index outside 0 … {self.input_dim - 1}")
        return w["embeddings"][x.astype(int)]

    def compute_mask(self, x: Array, *, masks: tuple[Array | None, ...]) -> Array | None:
        return x != 0 if self.mask_zero else None
