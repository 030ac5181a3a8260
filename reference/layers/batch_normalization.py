"""BatchNormalization: normalise each channel over everything else.

    y = (x - mean) / √(variance + epsilon) · gamma + beta

    training    mean, variance: of this batch, unmasked positions only; and afterwards
                moving_… ← momentum · moving_… + (1 - momentum) · …
    inference   mean, variance: moving_mean, moving_variance

With renorm, in training, σ = √(variance + epsilon) and the first factor becomes

    (x - mean) / σ · r + d    r = clip(σ / renorm_stddev, rmin, rmax)
                              d = clip((mean - renorm_mean) / renorm_stddev, -dmax, dmax)

where r and d count as constants for derivatives, and renorm_… follow mean and σ afterwards, with
renorm_momentum in the place of momentum.

Source: https://keras.io/api/layers/normalization_layers/batch_normalization/ (Keras 3.15.1);
Ioffe & Szegedy 2015, https://arxiv.org/abs/1502.03167; Ioffe 2017,
https://arxiv.org/abs/1702.03275 (renorm).
"""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from math import inf, nan
from typing import Any

import numpy as np

from ..core import Array, Shape, Weights, check
from ..limits import not_covered
from .normalizing import Formula, axes_of, folded, normalized


@dataclass(frozen=True)
class BatchNormalization:
    """Normalise the slices of ``x`` along ``axis`` to mean 0, variance 1, then scale and shift.

    Shapes, with C = x.shape[axis]
        x, y                                         any
        mask                                         x.shape[:-1], a dimension may be 1;
                                                     True = count this position
        gamma, beta                                  (C,)   if scale, if center
        moving_mean, moving_variance                 (C,)
        moving_stddev, renorm_mean, renorm_stddev    (C,)   if renorm

    ``trainable=False`` means inference, whatever ``training`` says. A mask changes statistics only.

    Ambiguous: a mask "broadcastable to inputs". Here as the masks that inputs carry, above.
    Ambiguous: the statistics of a channel with every position masked. Readings (``readings``):
    mean 0 and variance 0 (here); NaN.
    Ambiguous: the variances that renorm leaves for inference. Readings (``update_readings``): the
    average of variances (here, as without renorm); moving_stddev², less epsilon, at least 0.

    Raises ValueError
        on construction: renorm_clipping with another key, rmax < rmin, or dmax < 0
        on build and call: axis outside the rank of x; a mask of another shape

    >>> x, mask = np.array([[0.0], [2.0], [9.0]]), np.array([True, True, False])
    >>> BatchNormalization(epsilon=0.0)({}, x, training=True, mask=mask).ravel()
    array([-1.,  1.,  8.])
    """

    axis: int = -1
    momentum: float = 0.99
    epsilon: float = 1e-3
    center: bool = True
    scale: bool = True
    beta_initializer: Any = "zeros"
    gamma_initializer: Any = "ones"
    moving_mean_initializer: Any = "zeros"
    moving_variance_initializer: Any = "ones"
    beta_regularizer: Any = None
    gamma_regularizer: Any = None
    beta_constraint: Any = None
    gamma_constraint: Any = None
    renorm: bool = False
    renorm_clipping: Mapping[str, float] | None = None
    renorm_momentum: float = 0.99
    synchronized: bool = False
    _: KW_ONLY
    trainable: bool = True

    def __post_init__(self) -> None:
        not_covered(synchronized=self.synchronized)
        (rmin, rmax, dmax), given = self._limits(), self.renorm_clipping or {}
        known = {*given} <= {"rmin", "rmax", "dmax"}
        check(known and rmin <= rmax and dmax >= 0, f"renorm_clipping={given} is no set of limits")

    def weights(self, x: Shape) -> dict[str, Shape]:
        (axis,) = axes_of(self.axis, x)
        names = ["gamma"] * self.scale + ["beta"] * self.center + ["moving_mean", "moving_variance"]
        names += ["moving_stddev", "renorm_mean", "renorm_stddev"] * self.renorm
        return dict.fromkeys(names, (x[axis],))

    def __call__(
        self, w: Weights, x: Array, *, training: bool | None = None, mask: Array | None = None
    ) -> Array:
        return self._by(normalized, w, x, self._batch(x, training, mask))

    def folded(
        self, w: Weights, x: Array, *, training: bool | None = None, mask: Array | None = None
    ) -> Array:
        """The same by another order of operations; see ``normalizing``."""
        return self._by(folded, w, x, self._batch(x, training, mask))

    def readings(
        self, w: Weights, x: Array, *, training: bool | None = None, mask: Array | None = None
    ) -> dict[str, Array]:
        """The results that the documentation leaves open, by name; the first is ``__call__``'s."""
        found = {"documented": self(w, x, training=training, mask=mask)}
        if mask is not None and training and self.trainable:
            y = self._by(normalized, w, x, self.moments(x, mask, empty=nan))
            found["NaN where all of a channel is masked"] = y
        return found

    def update(
        self, w: Weights, x: Array, *, training: bool | None = None, mask: Array | None = None
    ) -> dict[str, Array]:
        """The weights that a call changes, with their new values."""
        if (moments := self._batch(x, training, mask)) is None:
            return {}
        mean, variance = moments
        batch, slow = {"moving_mean": mean, "moving_variance": variance}, {}
        if self.renorm:
            deviation = np.sqrt(variance + self.epsilon)
            batch["moving_stddev"] = deviation
            slow = {"renorm_mean": mean, "renorm_stddev": deviation}
        found = {role: _average(w[role], new, self.momentum) for role, new in batch.items()}
        late = {role: _average(w[role], new, self.renorm_momentum) for role, new in slow.items()}
        return found | late

    def update_readings(
        self, w: Weights, x: Array, *, training: bool | None = None, mask: Array | None = None
    ) -> dict[str, dict[str, Array]]:
        """What ``update`` may be by the documentation, by name; the first is its own."""
        own = self.update(w, x, training=training, mask=mask)
        if "moving_stddev" not in own:
            return {"documented": own}
        other = {"moving_variance": np.maximum(own["moving_stddev"] ** 2 - self.epsilon, 0.0)}
        return {"average variance": own, "average deviation, squared": own | other}

    def moments(
        self, x: Array, mask: Array | None = None, *, empty: float = 1.0
    ) -> tuple[Array, Array]:
        """Mean and variance per channel over the unmasked positions, each (C,).

        ``empty`` is what the sum over no position at all is divided by.
        """
        (axis,) = axes_of(self.axis, x.shape)
        z = np.moveaxis(x, axis, -1)
        rest = tuple(range(x.ndim - 1))
        if mask is None:
            mean = z.mean(rest)
            return mean, ((z - mean) ** 2).mean(rest)
        check(mask.ndim == x.ndim - 1, f"mask of shape {mask.shape}: want {x.shape[:-1]}")
        keep = np.moveaxis(np.broadcast_to(mask[..., None], x.shape).astype(bool), axis, -1)
        count = keep.sum(rest)
        count = np.where(count == 0, empty, count)
        mean = z.sum(rest, where=keep) / count
        return mean, ((z - mean) ** 2).sum(rest, where=keep) / count

    def _batch(
        self, x: Array, training: bool | None, mask: Array | None
    ) -> tuple[Array, Array] | None:
        """The moments of this batch, None if it is not normalised by them."""
        return self.moments(x, mask) if training and self.trainable else None

    def _by(
        self, formula: Formula, w: Weights, x: Array, batch: tuple[Array, Array] | None
    ) -> Array:
        gamma, beta = w.get("gamma", 1.0), w.get("beta", 0.0)
        mean, variance = (w["moving_mean"], w["moving_variance"]) if batch is None else batch
        if self.renorm and batch is not None:  # (… · r + d) · gamma + beta
            r, d = self._correction(w, mean, variance)
            gamma, beta = r * gamma, d * gamma + beta
        (axis,) = axes_of(self.axis, x.shape)
        y = formula(np.moveaxis(x, axis, -1), mean, variance, self.epsilon, gamma=gamma, beta=beta)
        return np.moveaxis(y, -1, axis)

    def _correction(self, w: Weights, mean: Array, variance: Array) -> tuple[Array, Array]:
        """Renorm's r and d."""
        rmin, rmax, dmax = self._limits()
        r = np.sqrt(variance + self.epsilon) / w["renorm_stddev"]
        d = (mean - w["renorm_mean"]) / w["renorm_stddev"]
        return _constant(np.clip(r, rmin, rmax)), _constant(np.clip(d, -dmax, dmax))

    def _limits(self) -> tuple[float, float, float]:
        given = self.renorm_clipping or {}
        return given.get("rmin", 0.0), given.get("rmax", inf), given.get("dmax", inf)


def _average(old: Array, new: Array, momentum: float) -> Array:
    """One step of a moving average."""
    return old * momentum + new * (1.0 - momentum)


def _constant(x: Array) -> Array:
    """The same without the derivatives that a dual number carries beside its ``value``."""
    return getattr(x, "value", x)
