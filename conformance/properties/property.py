"""What a property is: a function from an examined case to an observation, and when it applies."""

from collections.abc import Callable
from dataclasses import dataclass

from ...adapters.protocol import Case
from ..draw.arrays import SPECIAL
from ..examined import Examined
from ..observation import Observation
from ..spec import Spec

EVERY_DTYPE = ("float32", "float64", "bfloat16", "float16")
HALF = ("bfloat16", "float16")
ONE_DTYPE = ("float32",)


def always(spec: Spec, case: Case) -> bool:  # noqa: ARG001
    """Every case."""
    return True


def ordinary(spec: Spec, case: Case) -> bool:
    """The case's values are of the ordinary families."""
    return not special(spec, case)


def special(spec: Spec, case: Case) -> bool:  # noqa: ARG001
    """NaN, infinities, signed zeros, subnormals, huge values, or nothing at all in an input."""
    empty = any(x.size == 0 for step in case.calls for x in step.inputs)
    return case.family in SPECIAL or empty


@dataclass(frozen=True)
class Property:
    """One column of the matrix.

    aspects   what must be asked of the implementation
    judge     the verdict on one case
    applies   whether a case says anything about the property
    dtypes    the dtypes whose surveys judge it: what does not depend on the dtype is judged in one
    costly    asked of a limited number of cases, not of each
    refused   judges the cases that must raise, and only those
    pooled    judged once, over the whole survey (``judge`` is then not called)
    """

    name: str
    aspects: tuple[str, ...]
    judge: Callable[[Examined], Observation]
    applies: Callable[[Spec, Case], bool] = always
    dtypes: tuple[str, ...] = EVERY_DTYPE
    costly: bool = False
    refused: bool = False
    pooled: bool = False
