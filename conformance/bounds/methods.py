"""What the engine's arrays share: the refusal of everything unlisted, NumPy's methods, tables.

``Sampled`` and ``Dual`` are duck arrays: NumPy calls their ``__array_ufunc__`` and
``__array_function__``, which look the function up in an explicit table. A function, ufunc method or
keyword that is not in the table raises ``Refused``; nothing falls through to a plain array.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin


class Refused(TypeError):
    """The bounds engine does not know this operation; the message names it."""


class Table(dict[Callable[..., Any], tuple[Callable[..., Any], frozenset[str]]]):
    """NumPy function -> implementation, and the keywords that it accepts."""

    def entry(self, *functions: Callable[..., Any]) -> Callable[..., Any]:
        """Decorator: the implementation of ``functions``; its parameters are what is accepted."""

        def register(implementation: Callable[..., Any]) -> Callable[..., Any]:
            names = frozenset(inspect.signature(implementation).parameters)
            for function in functions:
                self[function] = (implementation, names)
            return implementation

        return register

    def call(
        self, function: Callable[..., Any], args: Sequence[Any], keywords: Mapping[str, Any]
    ) -> Any:
        """Call the implementation of ``function``, or refuse."""
        found = self.get(function)
        if found is None:
            raise Refused(f"{name_of(function)} is not in the bounds engine's table")
        implementation, names = found
        refuse_keywords(function, keywords, names)
        return implementation(*args, **keywords)


def refuse_keywords(
    function: Callable[..., Any], keywords: Mapping[str, Any], accepted: frozenset[str]
) -> None:
    """Raise ``Refused`` if a keyword is not accepted."""
    if not keywords.keys() <= accepted:
        odd = ", ".join(sorted(keywords.keys() - accepted))
        raise Refused(f"{name_of(function)}({odd}=…) is not in the bounds engine's table")


def name_of(function: Callable[..., Any]) -> str:
    """``numpy.add``, ``numpy.pad``: how a message calls a function."""
    module = getattr(function, "__module__", None) or "numpy"
    return f"{module}.{getattr(function, '__name__', function)}"


class ArrayMethods(NDArrayOperatorsMixin):
    """The methods and attributes of an ndarray that an oracle may use."""

    shape: tuple[int, ...]
    dtype: np.dtype

    @property
    def ndim(self) -> int:
        """Number of (visible) axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Number of (visible) elements."""
        return int(np.prod(self.shape, dtype=int))

    @property
    def T(self) -> Any:  # noqa: N802 (NumPy's name)
        """The array with its axes reversed."""
        return np.transpose(self)

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of a 0-d array")
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index: Any) -> Any:
        raise NotImplementedError

    def _refuse_conversion(self, *_: Any, **__: Any) -> Any:
        raise Refused(
            f"a {type(self).__name__} array has no single value: np.asarray, float(), int(), "
            "bool() and `in` are not in the bounds engine's table"
        )

    __array__ = __float__ = __int__ = __bool__ = __complex__ = __contains__ = _refuse_conversion

    def reshape(self, *shape: Any) -> Any:  # noqa: D102
        return np.reshape(self, shape[0] if len(shape) == 1 else shape)

    def transpose(self, *axes: Any) -> Any:  # noqa: D102
        return np.transpose(self, (axes[0] if len(axes) == 1 else axes) or None)

    def ravel(self) -> Any:  # noqa: D102
        return np.reshape(self, -1)

    def flatten(self) -> Any:  # noqa: D102
        return np.reshape(self, -1)

    def copy(self) -> Any:
        """Itself: nothing writes in place."""
        return self

    def astype(self, dtype: Any) -> Any:
        """float64 and bool; other kinds are refused, for they would round."""
        return _astype(self, np.dtype(dtype))


def _astype(x: ArrayMethods, dtype: np.dtype) -> Any:
    if dtype == x.dtype:
        return x
    if dtype.kind == "b":
        return x != 0
    if dtype == np.float64:
        return x * 1.0
    raise Refused(f"astype({dtype}) is not in the bounds engine's table")


def _method(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    def method(self: ArrayMethods, *args: Any, **keywords: Any) -> Any:
        return function(self, *args, **keywords)

    method.__name__ = name
    method.__doc__ = f"``numpy.{name}`` of this array."
    return method


for _name in (
    *("sum", "mean", "max", "min", "prod", "any", "all", "std", "var", "cumsum"),
    *("argmax", "argmin", "argsort", "squeeze", "swapaxes", "repeat", "take"),
    *("clip", "dot", "diagonal", "trace", "round"),
):
    setattr(ArrayMethods, _name, _method(getattr(np, _name), _name))
