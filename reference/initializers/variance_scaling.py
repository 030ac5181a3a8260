"""VarianceScaling and its named settings: Glorot, He and LeCun.

    w has mean 0 and variance v = scale / n        n = fan_in, fan_out or their mean

    truncated_normal     N(0, s²) given |w| ≤ 2s, with the s for which that has the variance v
    untruncated_normal   N(0, v)
    uniform              U[-√3v, √3v]

                         scale   mode      distribution
    GlorotNormal           1     fan_avg   truncated_normal
    GlorotUniform          1     fan_avg   uniform
    HeNormal               2     fan_in    truncated_normal
    HeUniform              2     fan_in    uniform
    LecunNormal            1     fan_in    truncated_normal
    LecunUniform           1     fan_in    uniform

Source: https://keras.io/api/layers/initializers/ (Keras 3.15.1); Glorot & Bengio 2010; He et al.
2015, https://arxiv.org/abs/1502.01852; Klambauer et al. 2017, https://arxiv.org/abs/1706.02515.
"""

from collections.abc import Sequence
from math import prod, sqrt

from scipy import stats
from scipy.stats.distributions import rv_frozen

from ..core import Shape, check

MODES = ("fan_in", "fan_out", "fan_avg")
DISTRIBUTIONS = ("truncated_normal", "untruncated_normal", "uniform")

# The standard deviation of N(0, 1) given |w| ≤ 2.
TRUNCATED_STDDEV = float(stats.truncnorm(-2.0, 2.0).std())


class VarianceScaling:
    """Independent elements whose variance adapts to the shape.

    The sizes of ``input_axes`` multiply to fan_in, those of ``output_axes`` to fan_out; without
    them the last axis counts outputs, the one before it inputs, and earlier ones are the window of
    a convolution, which multiplies both. A vector has its length as both fans, a scalar 1. An equal
    ``seed`` gives equal values.

    Ambiguous: the fans of a shape that is not a matrix; those above are the usual ones.
    Ambiguous: only one of the two arguments given. Readings: the other fan is the usual one (here);
    both fans are the usual ones.

    Raises ValueError
        on construction: scale not positive; an unknown mode or distribution

    fan_in of this convolution kernel is 3 · 4:

    >>> float(VarianceScaling(scale=12.0).distribution((3, 4, 5)).std().round(12))
    1.0
    """

    def __init__(  # written out because ``distribution`` is an argument and a method
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: int | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
    ) -> None:
        check(scale > 0.0, f"scale={scale!r} must be positive")
        check(mode in MODES, f"mode={mode!r} not in {MODES}")
        known = distribution in DISTRIBUTIONS
        check(known, f"distribution={distribution!r} not in {DISTRIBUTIONS}")
        self.scale, self.mode, self.family, self.seed = scale, mode, distribution, seed
        self.input_axes, self.output_axes = input_axes, output_axes

    def distribution(self, shape: Shape) -> rv_frozen:
        """Of one element of a weight of this shape; elements are independent."""
        fan_in, fan_out = self.fans(shape)
        n = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        stddev = sqrt(self.scale / max(n, 1))
        if self.family == "truncated_normal":
            return stats.truncnorm(-2.0, 2.0, 0.0, stddev / TRUNCATED_STDDEV)
        if self.family == "untruncated_normal":
            return stats.norm(0.0, stddev)
        limit = sqrt(3.0) * stddev
        return stats.uniform(-limit, 2.0 * limit)

    def fans(self, shape: Shape) -> tuple[int, int]:
        """(fan_in, fan_out): how many numbers feed one output, and how many one input feeds."""
        if len(shape) < 2:
            usual = (prod(shape), prod(shape))
        else:
            window = prod(shape[:-2])
            usual = (window * shape[-2], window * shape[-1])
        given = (self.input_axes, self.output_axes)
        fan_in, fan_out = (
            fan if axes is None else prod(shape[axis] for axis in axes)
            for fan, axes in zip(usual, given, strict=True)
        )
        return fan_in, fan_out


class GlorotNormal(VarianceScaling):
    """Truncated normal elements of variance 2 / (fan_in + fan_out).

    >>> float(GlorotNormal().distribution((3, 5)).std().round(12))
    0.5
    """

    def __init__(
        self,
        seed: int | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
    ) -> None:
        super().__init__(1.0, "fan_avg", "truncated_normal", seed, input_axes, output_axes)


class GlorotUniform(VarianceScaling):
    """Uniform elements within ± √(6 / (fan_in + fan_out)).

    >>> float(GlorotUniform().distribution((2, 4)).support()[1].round(12))
    1.0
    """

    def __init__(
        self,
        seed: int | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
    ) -> None:
        super().__init__(1.0, "fan_avg", "uniform", seed, input_axes, output_axes)


class HeNormal(VarianceScaling):
    """Truncated normal elements of variance 2 / fan_in.

    >>> float(HeNormal().distribution((8, 3)).std().round(12))
    0.5
    """

    def __init__(
        self,
        seed: int | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
    ) -> None:
        super().__init__(2.0, "fan_in", "truncated_normal", seed, input_axes, output_axes)


class HeUniform(VarianceScaling):
    """Uniform elements within ± √(6 / fan_in).

    >>> float(HeUniform().distribution((6, 3)).support()[1].round(12))
    1.0
    """

    def __init__(
        self,
        seed: int | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
    ) -> None:
        super().__init__(2.0, "fan_in", "uniform", seed, input_axes, output_axes)


class LecunNormal(VarianceScaling):
    """Truncated normal elements of variance 1 / fan_in.

    >>> float(LecunNormal().distribution((4, 3)).std().round(12))
    0.5
    """

    def __init__(
        self,
        seed: int | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
    ) -> None:
        super().__init__(1.0, "fan_in", "truncated_normal", seed, input_axes, output_axes)


class LecunUniform(VarianceScaling):
    """Uniform elements within ± √(3 / fan_in).

    >>> float(LecunUniform().distribution((3, 3)).support()[1].round(12))
    1.0
    """

    def __init__(
        self,
        seed: int | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
    ) -> None:
        super().__init__(1.0, "fan_in", "uniform", seed, input_axes, output_axes)
