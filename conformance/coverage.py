"""Which values of which arguments the cases of a run set."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np

from ..adapters.protocol import Case
from .pairs import pairs

LONGEST = 60
"""Characters of a value that are kept."""


@dataclass
class Coverage:
    """Item -> argument -> value, as text -> number of cases."""

    counts: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)

    def add(self, case: Case) -> None:
        """Count constructor and call arguments, implicit masks, the family of values, and pairs."""
        item = self.counts.setdefault(case.item, {})
        given = {**case.config, "(values)": case.family}
        for step in case.calls:
            given |= {f"call: {name}": value for name, value in step.call.items()}
            if any(mask is not None for mask in step.masks):
                given["(implicit mask)"] = "given"
        for name, value in given.items():
            item.setdefault(name, Counter())[_text(value)] += 1
        for name, pair in pairs(case):
            item.setdefault(name, Counter())[pair] += 1


def _text(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"array of rank {value.ndim}"
    return msgspec.json.encode(value, enc_hook=lambda _: "array").decode()[:LONGEST]
