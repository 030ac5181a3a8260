"""What any layer may carry beside its weights: regularizers, initializers and constraints.

A weight with the role ``[owner/]kernel`` is governed by the arguments ``kernel_regularizer``,
``kernel_initializer`` and ``kernel_constraint`` of its owner, and one named ``recurrent_kernel`` by
``recurrent_regularizer`` and so on, as the layers document them. The owner is the layer itself or,
where the path leads through the layer's attributes (``forward``, ``cell``, ``cells/0``), that part.

    weight losses      regularizer(w)                            one per regularized weight
    activity losses    activity_regularizer(y) / batch size      one per output

Source: https://keras.io/api/layers/regularizers/ and https://keras.io/api/layers/base_layer/
(Keras 3.15.1)
"""

from collections.abc import Callable
from copy import copy
from typing import Any

from . import identifiers
from .core import Array, Weights


def weight_losses(layer: Any, w: Weights) -> tuple[Array, ...]:
    """The penalties on the layer's weights, in the order of the weights.

    >>> from .layers import Dense
    >>> dense = Dense(2, kernel_regularizer="l2")
    >>> [float(loss) for loss in weight_losses(dense, {"kernel": np.ones((5, 2))})]
    [0.1]
    """
    attached = ((_attached(layer, role, "regularizer"), value) for role, value in w.items())
    pairs = ((identifiers.regularizer(identifier), value) for identifier, value in attached)
    return tuple(penalty(value) for penalty, value in pairs if penalty is not None)


def activity_losses(layer: Any, outputs: tuple[Array, ...]) -> tuple[Array, ...]:
    """The penalty on each output, divided by the batch size.

    >>> from .layers import Dense
    >>> dense = Dense(5, activity_regularizer="l2")
    >>> [float(loss) for loss in activity_losses(dense, (np.ones((4, 5)),))]
    [0.05]
    """
    penalty = identifiers.regularizer(getattr(layer, "activity_regularizer", None))
    if penalty is None:
        return ()
    return tuple(penalty(y) / y.shape[0] for y in outputs)


def activities(
    layer: Any, outputs: tuple[Array, ...], w: Weights, *inputs: Array, **call: Any
) -> tuple[Array, ...]:
    """What the activity regularizer penalises: the outputs, or the layer's own ``activities``.

    The last of these is the first output again, which the caller may know by another formula.
    """
    if getattr(layer, "activity_regularizer", None) is None or not hasattr(layer, "activities"):
        return outputs
    return (*layer.activities(w, *inputs, **call)[:-1], outputs[0])


def initializer_of(layer: Any, role: str) -> Any:
    """The initializer of a weight, None if the layer documents no argument for it.

    One that scales by the numbers of units knows which axes of the weight they lie along.

    >>> from .layers import Dense
    >>> initializer_of(Dense(2), "bias")
    Zeros()
    """
    found = identifiers.initializer(_attached(layer, role, "initializer"))
    axes = layer.unit_axes(role) if hasattr(layer, "unit_axes") else None
    if axes is None or getattr(found, "input_axes", ()) is not None:
        return found
    made = copy(found)
    made.input_axes, made.output_axes = axes
    return made


def constraint_of(layer: Any, role: str) -> Callable[[Array], Array] | None:
    """The constraint of a weight, None if it has none."""
    return identifiers.constraint(_attached(layer, role, "constraint"))


def constrain(layer: Any, w: Weights) -> dict[str, Array]:
    """The weights as they are after their constraints, by role.

    >>> from .layers import Dense
    >>> constrain(Dense(1, kernel_constraint="non_neg"), {"kernel": np.array([[-1.0], [2.0]])})
    {'kernel': array([[0.], [2.]])}
    """
    constraints = {role: constraint_of(layer, role) for role in w}
    return {
        role: value if (project := constraints[role]) is None else project(value)
        for role, value in w.items()
    }


def _attached(layer: Any, role: str, kind: str) -> Any:
    """The argument of this kind for the weight ``role``, None if there is none."""
    *path, leaf = role.split("/")
    owner = layer
    for part in path:
        owner = owner[int(part)] if part.isdigit() else getattr(owner, part, owner)
    names = (f"{leaf}_{kind}", f"{leaf.removesuffix('_kernel')}_{kind}")
    return next((getattr(owner, name) for name in names if hasattr(owner, name)), None)
