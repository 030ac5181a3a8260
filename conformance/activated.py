"""Layers that end in an activation inherit the formulas that may take the activation's place."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import msgspec

from ..reference import identifiers
from .program import Program


def formulas(program: Program, argument: str = "activation") -> list[Callable[..., Any]]:
    """The layer with each alternate formula that its activation's own conformance file declares.

    ``argument`` is the one that names the activation.
    """
    from .specs import all_specs  # which imports the files that declare formulas by this module

    name = getattr(identifiers.activation(getattr(program.layer, argument)), "__name__", "")
    spec = all_specs().get(f"activations.{name}")
    if spec is None or spec.alternates is None:
        return []
    inner = msgspec.structs.replace(program.case, item=spec.item, config={}, weights={})
    alternates = spec.alternates(Program(inner))
    return [replace(program.layer, **{argument: partial(f, {})}) for f in alternates]
