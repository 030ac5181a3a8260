"""When an argument that came back from get_config is the one that was given."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..adapters.protocol import FUNCTIONS
from ..reference import CATALOGUE, identifiers, oracle

RESOLVERS = {
    "activation": identifiers.activation,
    "regularizer": identifiers.regularizer,
    "constraint": identifiers.constraint,
    "initializer": identifiers.initializer,
}


def same_argument(given: Any, back: Any, name: str = "") -> bool:  # noqa: PLR0911  (one per form)
    """Equal, or two documented spellings of the same thing.

    1 and (1, 1) are one window, "l2" and L2() one regularizer, "relu" and the function relu one
    activation; nested items are equal if every argument given comes back.
    """
    match given, back:
        case str(), str() if name == "padding":  # documented as case-insensitive
            return given.lower() == back.lower()
        case str(), str() if name.endswith("activation"):  # some have two documented names
            return given == back or _made(name, given) == _made(name, back)
        case None, str() if name.endswith("activation"):  # documented as linear
            return _made(name, None) == _made(name, back)
        case np.ndarray(), _:
            return np.array_equal(given, np.asarray(back))
        case {"$item": str(item)}, {"$item": str(other)}:
            config, returned = given.get("config", {}), back.get("config", {})
            return item == other and all(
                same_argument(v, returned.get(k), k) for k, v in config.items()
            )
        case {"$item": str(item)}, str():
            return not given.get("config") and CATALOGUE.get(item) == _made(name, back)
        case str(), Mapping() if "$item" in back:
            return _alike(_made(name, given), _object(back["$item"], back.get("config", {})))
        case Mapping(), Mapping():
            return given.keys() == back.keys() and all(
                same_argument(given[k], back[k], k) for k in given
            )
        case list() | tuple(), {
            "$item": "layers.StackedRNNCells"
        }:  # a list of cells is their stack
            return same_argument(given, back["config"]["cells"])
        case list() | tuple(), list() | tuple():
            return len(given) == len(back) and all(map(same_argument, given, back))
        case int() | float(), list() | tuple():
            return all(same_argument(given, part) for part in back)
    return (type(given) is type(back) and given == back) or _equal_numbers(given, back)


def _equal_numbers(given: Any, back: Any) -> bool:
    numbers = (int, float)
    plain = not isinstance(given, bool) and not isinstance(back, bool)
    return plain and isinstance(given, numbers) and isinstance(back, numbers) and given == back


def _object(item: str, config: Mapping[str, Any]) -> Any:
    """The oracle itself, out of the interface that it shares with layers."""
    made = oracle(item, config, FUNCTIONS)
    return getattr(made, "apply", made)


def _alike(a: Any, b: Any) -> bool:
    return type(a) is type(b) and vars(a) == vars(b)


def _made(name: str, identifier: str | None) -> Any:
    kind = name.rsplit("_", 1)[-1]
    return RESOLVERS[kind](identifier) if kind in RESOLVERS else identifier
