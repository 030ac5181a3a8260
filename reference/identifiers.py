"""What the identifiers in layer arguments stand for: names, callables, None.

    activation    "relu", "swish", a callable, None
    regularizer   "l2", "L2", a callable, None
    constraint    "non_neg", "NonNeg", a callable, None
    initializer   "zeros", "Zeros", an array of the values, a callable, None

All but activations may also be {"class_name": …, "config": …}.

Source: https://keras.io/api/layers/activations/, https://keras.io/api/layers/regularizers/,
https://keras.io/api/layers/constraints/, https://keras.io/api/layers/initializers/ (Keras 3.15.1).
"""

import re
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from . import activations, constraints, initializers, regularizers
from .core import Array, Shape, check

ACTIVATION_ALIASES = {"swish": "silu", "hard_swish": "hard_silu"}
"""The other documented names."""


def activation(identifier: str | Callable[[Array], Array] | None) -> Callable[[Array], Array]:
    """The function that an ``activation`` argument stands for; None is the identity.

    Raises ValueError
        a string that names no activation of this reference

    >>> activation("swish") is activation("silu")
    True
    >>> activation(None)(np.array([-1.0, 2.0]))
    array([-1.,  2.])
    """
    if identifier is None:
        return activations.linear
    if callable(identifier):
        return identifier
    name = ACTIVATION_ALIASES.get(identifier, identifier)
    check(name in activations.__all__, f"unknown activation {identifier!r}")
    return getattr(activations, name)


REGULARIZER_STRINGS = {name: {"l1": 0.01, "l2": 0.01} for name in ("l1_l2", "L1L2")}
"""Strings that are documented to mean other values than the defaults of the class."""

INITIALIZER_ALIASES = {
    "identity": "IdentityInitializer",
    "Identity": "IdentityInitializer",
    "OrthogonalInitializer": "Orthogonal",
    "uniform": "RandomUniform",
    "normal": "RandomNormal",
    "zero": "Zeros",
    "one": "Ones",
}
"""The other names: "uniform" is the documented default of Embedding."""


def regularizer(identifier: Any) -> Callable[[Array], Array] | None:
    """The penalty that a ``…_regularizer`` argument stands for; None is no penalty.

    Ambiguous: the string "L1L2". "L1L2 may be passed as a string identifier, in this case l1=0.01
    and l2=0.01" is said with "l1_l2" as its example. Readings: as "l1_l2" (here); the defaults of
    the class, which are no penalty.

    Raises ValueError
        a string that names no regularizer

    >>> regularizer("l2")
    L2(l2=0.01)
    >>> regularizer("l1_l2")
    L1L2(l1=0.01, l2=0.01)
    """
    if isinstance(identifier, str) and identifier in REGULARIZER_STRINGS:
        return regularizers.L1L2(**REGULARIZER_STRINGS[identifier])
    return _find(identifier, regularizers, {})


def constraint(identifier: Any) -> Callable[[Array], Array] | None:
    """The projection that a ``…_constraint`` argument stands for; None is no constraint.

    Raises ValueError
        a string that names no constraint

    >>> constraint("unit_norm")
    UnitNorm(axis=0)
    """
    return _find(identifier, constraints, {})


def initializer(identifier: Any) -> Any:
    """The initializer that an ``…_initializer`` argument stands for; None is none.

    An array is the value itself: an initializer for weights of its shape only.

    Raises ValueError
        a string that names no initializer; a shape other than that of the array

    >>> initializer("zeros"), initializer("Identity")
    (Zeros(), IdentityInitializer(gain=1.0))
    >>> initializer(np.array([1.0, 2.0]))((2,))
    array([1., 2.])
    """
    if hasattr(identifier, "shape"):
        return lambda shape: _value(identifier, shape)
    return _find(identifier, initializers, INITIALIZER_ALIASES)


def _value(array: Array, shape: Shape) -> Array:
    check(array.shape == tuple(shape), f"shape {shape} of the weight is not {array.shape}")
    return array


def _find(identifier: Any, kind: ModuleType, aliases: Mapping[str, str]) -> Any:
    """The object that a name, a description, a class or the object itself stands for."""
    match identifier:
        case None:
            return None
        case str(name):
            known = {alias: cls for cls in kind.__all__ for alias in (cls, _snake(cls))}
            found = (known | dict(aliases)).get(name)
            check(found is not None, f"{name!r} names none of the {kind.__name__}")
            return getattr(kind, str(found))()
        case {"class_name": str(name), "config": config}:
            check(name in kind.__all__, f"{name!r} names none of the {kind.__name__}")
            return getattr(kind, name)(**config)
        case type():
            return identifier()
        case _:
            known_object = type(identifier).__name__ in kind.__all__ or callable(identifier)
            check(known_object, f"{identifier!r} is no name, description or callable")
            return identifier


def _snake(name: str) -> str:
    """``GlorotUniform`` -> ``glorot_uniform``, ``L1L2`` -> ``l1_l2``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
