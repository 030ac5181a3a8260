"""Conditions of a deviation entry: what its ``when`` may ask of a case."""

from collections.abc import Iterator
from typing import Any

from ..adapters.protocol import Case
from .places import PLACES


class DeviationError(ValueError):
    """A deviation file that cannot be used; one line that says where and why."""


def holds(case: Case, place: str, values: list[Any]) -> bool:
    """Whether the dotted place (``config.axis``, ``call.training``, ``family``) has one of them."""
    head, _, rest = place.partition(".")
    match head:
        case "config":
            found = case.config.get(rest)
        case "call":
            found = next((s.call[rest] for s in case.calls if rest in s.call), None)
        case "uses":
            return not set(values).isdisjoint(used(case.config))
        case _ if place in PLACES:
            found = PLACES[place](case)
        case _:
            known = f"config.NAME, call.NAME, uses, {', '.join(PLACES)}"
            raise DeviationError(f"a condition on {place!r}: use one of {known}")
    found = _listed(found)
    return any(type(found) is type(value) and found == value for value in values) or (
        "set" in values and found is not None and not isinstance(found, str)
    )


def used(value: Any) -> Iterator[str]:
    """Names of the items, and all other words, anywhere in a configuration.

    >>> dense = {"$item": "layers.Dense", "config": {"units": 2}}
    >>> sorted(used({"activation": "gelu", "layer": dense}))
    ['gelu', 'layers.Dense']
    """
    match value:
        case str():
            yield value
        case dict():
            for inner in value.values():
                yield from used(inner)
        case list() | tuple():
            for inner in value:
                yield from used(inner)


def _listed(value: Any) -> Any:
    """Tuples as lists, which are all that TOML has."""
    return [_listed(v) for v in value] if isinstance(value, tuple | list) else value
