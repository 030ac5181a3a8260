"""What a conformance file declares about its item, and the one line that runs every property.

    test_dense = every_property("layers.Dense", cases, invalid=invalid, exact=True)

makes one test per applicable property and dtype, with ids ``test_dense[values]``,
``test_dense[values-float16]`` …: the cells of the compliance matrix.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import signature
from typing import Any

from hypothesis.strategies import SearchStrategy

from ..adapters.protocol import Case
from ..reference import CATALOGUE
from ..reference.core import Array

Cases = Callable[[str], SearchStrategy[Case]]
"""Of a dtype name, the strategy that draws cases of the item in it."""

KINDS = {
    "activations": ("values", "gradients", "gain", "dtype", "special", "compiled"),
    "regularizers": ("values", "gradients", "gain", "special", "config", "compiled"),
    "constraints": ("values", "gradients", "gain", "dtype", "special", "config", "compiled"),
    "layers": (
        *("values", "gradients", "gain", "shape", "dtype", "mask", "special"),
        *("config", "weights", "save", "compiled", "mixed"),
    ),
}
"""The properties of every item of a kind; what it declares or carries adds to them."""


@dataclass(frozen=True)
class Law:
    """What the formula suggests for this item, without the oracle.

    derive   another case made from a case, or None where the law says nothing
    relate   from the outputs of the case to those of the derived case's last call; applied to error
             bounds too, so it moves, selects or scales elements and does nothing else
    """

    name: str
    derive: Callable[[Case], Case | None]
    relate: Callable[[Case, tuple[Array, ...]], tuple[Array, ...]]


@dataclass(frozen=True)
class Spec:
    """One item as the suite knows it: how to draw it and what it declares.

    cases        of a dtype, valid cases
    invalid      of a dtype, cases that the documentation says must raise
    examples     of a dtype, known corners that every survey visits
    exact        integer-valued cases need no rounding and must be bit-exact
    kinks        where the derivative is a set (``kinks.py``)
    alternates   of a Program: formulas equal to its oracle that an implementation may use
    readings     of a Program: name -> what else the documentation may mean (a layer's oracle lists
                 its readings itself)
    discrete     outputs decided by rounding or comparison
    laws         the item's own laws
    without      properties that do not apply, each with its reason
    """

    item: str
    cases: Cases
    invalid: Cases | None = None
    examples: Sequence[Callable[[str], Case]] = ()
    exact: bool = False
    kinks: Callable[[Any], Mapping[str, Array]] | None = None
    alternates: Callable[[Any], Sequence[Callable[..., Any]]] | None = None
    readings: Callable[[Any], Mapping[str, Callable[..., Any]]] | None = None
    discrete: bool = False
    laws: tuple[Law, ...] = ()
    without: Mapping[str, str] | None = None

    @property
    def kind(self) -> str:
        """The first word of the item's name: ``layers``, ``activations`` and so on."""
        return self.item.split(".")[0]

    @property
    def properties(self) -> tuple[str, ...]:
        """Names of the properties that apply to the item, in the order of the matrix."""
        from .properties import PROPERTIES

        names = {*KINDS[self.kind], *self._carried()} - set(self.without or {})
        return tuple(name for name in PROPERTIES if name in names)

    def _carried(self) -> set[str]:
        """Properties that follow from what the item declares and from its oracle's arguments."""
        made = CATALOGUE[self.item]
        arguments = signature(made).parameters
        carried = {"exact": self.exact, "invalid": self.invalid, "laws": self.laws}
        if self.kind == "layers":
            carried |= {
                "losses": any(name.endswith("_regularizer") for name in arguments),
                "constraint": any(name.endswith("_constraint") for name in arguments),
                "initial": any(name.endswith("_initializer") for name in arguments),
                "state": hasattr(made, "update"),
            }
        return {name for name, present in carried.items() if present}


def every_property(item: str, cases: Cases, **declared: Any) -> Callable[..., None]:
    """A test of each property of ``item``; the plugin gives it its property and dtype."""
    spec = Spec(item, cases, **declared)

    def test(cell: Callable[[Spec], None]) -> None:
        cell(spec)

    test.spec = spec  # type: ignore[attr-defined]  # where the plugin finds it
    return test
