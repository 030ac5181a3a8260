"""RandomUniform: independent uniform elements.

    w ~ U[minval, maxval)

Source: https://keras.io/api/layers/initializers/ (Keras 3.15.1)
"""

from dataclasses import dataclass

from scipy import stats
from scipy.stats.distributions import rv_frozen

from ..core import Shape


@dataclass(frozen=True)
class RandomUniform:
    """Uniform elements. An equal ``seed`` gives equal values.

    >>> [float(edge) for edge in RandomUniform(-1.0, 3.0).distribution((2,)).support()]
    [-1.0, 3.0]
    """

    minval: float = -0.05
    maxval: float = 0.05
    seed: int | None = None

    def distribution(self, shape: Shape) -> rv_frozen:
        """Of one element of a weight of this shape; elements are independent."""
        return stats.uniform(self.minval, self.maxval - self.minval)
