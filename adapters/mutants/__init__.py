"""Mutants: the oracle with one small named semantic change, run as ``--adapter=mutant:NAME``.

They test the suite: the conformance file of a mutant's item must notice it. One file per family,
each with a table ``MUTANTS`` of name -> Mutant; the name begins with the family's item.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

FAMILIES = (
    *("activations", "regularizers", "constraints", "core"),
    *("convolution", "pooling", "recurrent_cells", "normalization"),
    *("reshaping", "merging", "activation_layers"),
)
"""The files of this folder, in the order of the documentation."""


@dataclass(frozen=True)
class Mutant:
    """One change.

    item     the item whose oracle is changed
    change   a function or class that takes the place of the item's in ``reference.CATALOGUE``
    what     one line for the reader: what is wrong
    """

    item: str
    change: Callable[..., Any]
    what: str


def everything() -> dict[str, Mutant]:
    """All mutants by name."""
    found: dict[str, Mutant] = {}
    for family in FAMILIES:
        found |= import_module(f".{family}", __name__).MUTANTS
    return found


def find(name: str) -> Mutant:
    """The mutant of that name; KeyError with the nearest names if there is none."""
    known = everything()
    if name not in known:
        near = difflib.get_close_matches(name, known, 3, 0.4) or sorted(known)[:3]
        raise KeyError(f"no mutant {name!r}; near it: {', '.join(near)} (of {len(known)})")
    return known[name]


def adapter(option: str, device: str = "cpu") -> Any:
    """``--adapter=mutant:NAME``: computed in float64 and rounded, so that nothing else differs."""
    from ..reference import Adapter

    if device != "cpu":
        raise ValueError(f"mutants run on the CPU, not on {device!r}")
    mutant = find(option)
    made = Adapter("float64", {mutant.item: mutant.change})
    made.name = f"mutant:{option}"
    return made
