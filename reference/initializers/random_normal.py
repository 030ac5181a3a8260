"""RandomNormal, TruncatedNormal: independent normal elements.

    RandomNormal      w ~ N(mean, stddev²)
    TruncatedNormal   the same, given |w - mean| ≤ 2 stddev

Source: https://keras.io/api/layers/initializers/ (Keras 3.15.1)
"""

from dataclasses import dataclass

from scipy import stats
from scipy.stats.distributions import rv_frozen

from ..core import Shape


@dataclass(frozen=True)
class RandomNormal:
    """Normal elements. An equal ``seed`` gives equal values.

    >>> float(RandomNormal(mean=1.0, stddev=0.5).distribution((3, 4)).std())
    0.5
    """

    mean: float = 0.0
    stddev: float = 0.05
    seed: int | None = None

    def distribution(self, shape: Shape) -> rv_frozen:
        """Of one element of a weight of this shape; elements are independent."""
        return stats.norm(self.mean, self.stddev)


@dataclass(frozen=True)
class TruncatedNormal:
    """Normal elements, those further than two ``stddev`` from ``mean`` drawn again.

    ``stddev`` is that of the normal *before* truncation: the elements' own is 0.88 times as large.
    An equal ``seed`` gives equal values.

    >>> d = TruncatedNormal(stddev=0.5).distribution((3, 4))
    >>> [float(edge) for edge in d.support()], round(float(d.std()), 4)
    ([-1.0, 1.0], 0.4398)
    """

    mean: float = 0.0
    stddev: float = 0.05
    seed: int | None = None

    def distribution(self, shape: Shape) -> rv_frozen:
        """Of one element of a weight of this shape; elements are independent."""
        return stats.truncnorm(-2.0, 2.0, self.mean, self.stddev)
