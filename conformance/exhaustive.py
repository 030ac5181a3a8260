"""Every bit pattern of a 16-bit dtype, as cases of an elementwise item."""

from collections.abc import Iterator

import ml_dtypes  # noqa: F401  (registers bfloat16 with NumPy)
import numpy as np

from ..adapters.protocol import Case, Step
from .spec import Spec
from .symmetries import ELEMENTWISE

CHUNKS = 16
"""Cases that share the 65,536 patterns; NaN and the infinities are in two of them."""

JUDGED = ("values",)
"""What is judged: every element, NaN and infinities among them."""


def is_elementwise(spec: Spec) -> bool:
    """Whether the item declares the law that makes it elementwise."""
    return ELEMENTWISE in spec.laws


def every_pattern(spec: Spec, dtype: str) -> Iterator[Case]:
    """The item with its default arguments on all values of ``dtype``."""
    patterns = np.arange(2**16, dtype=np.uint16).reshape(CHUNKS, 64, -1)
    for chunk in patterns:
        step = Step("call", (chunk.view(dtype),), (None,))
        yield Case(spec.item, {}, {}, (step,), dtype, family="every pattern")
