"""Options of which every pair is to meet: bugs of recurrent layers hide where two of them do."""

from collections.abc import Callable, Iterator
from itertools import combinations

from ..adapters.protocol import Case


def _is(name: str) -> Callable[[Case], bool]:
    return lambda case: case.config.get(name) is True


def _given(name: str) -> Callable[[Case], bool]:
    return lambda case: case.config.get(name) is not None


OPTIONS: dict[str, Callable[[Case], bool]] = {
    "mask": lambda case: any(
        s.call.get("mask") is not None or any(m is not None for m in s.masks) for s in case.calls
    ),
    "initial_state": lambda case: case.calls[0].call.get("initial_state") is not None,
    **{
        name: _is(name)
        for name in ("unroll", "go_backwards", "return_sequences", "return_state", "stateful")
    },
    "activation": _given("activation"),
    "dropout": _given("dropout"),
    "recurrent_dropout": _given("recurrent_dropout"),
}
"""What every recurrent layer has."""

OWN = {
    "layers.LSTM": {
        "no unit_forget_bias": lambda case: case.config.get("unit_forget_bias") is False
    },
    "layers.GRU": {"no reset_after": lambda case: case.config.get("reset_after") is False},
    "layers.SimpleRNN": {},
}
"""The items whose options are paired, and those that they have beside ``OPTIONS``."""


def pairs(case: Case) -> Iterator[tuple[str, str]]:
    """(row, entry) per pair of options of the case: ``("(pairs) mask", "on, unroll off")``."""
    if case.item not in OWN or not case.calls:
        return
    options = OPTIONS | OWN[case.item]
    on = {name: "on" if option(case) else "off" for name, option in options.items()}
    for a, b in combinations(options, 2):
        yield f"(pairs) {a}", f"{on[a]}, {b} {on[b]}"
