"""One case with all that is known of it: oracle, bounds, outcome. Each is computed once."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from inspect import signature
from typing import Any
from zlib import crc32

import msgspec
import numpy as np

from ..adapters.protocol import Answer, Case, Outcome, Unsupported, digest
from ..reference.core import Array
from .bounds import Expected, expect
from .program import Program, Slot
from .spec import Spec


@dataclass
class Examined:
    """A case of a survey. ``outcome`` grows as aspects are asked for."""

    spec: Spec
    case: Case
    answers: dict[str, Answer] = field(default_factory=dict)
    seconds: float = 0.0

    @cached_property
    def name(self) -> str:
        """The digest of the case."""
        return digest(self.case)

    @cached_property
    def seed(self) -> int:
        """Of the noise and the gradient directions; another one than that of the case's arrays."""
        return crc32(b"noise" + self.name.encode())

    @cached_property
    def program(self) -> Program:
        """The oracle on the case."""
        return Program(self.case)

    @cached_property
    def refused(self) -> ValueError | None:
        """The oracle's error, if the documentation says that this case must raise."""
        try:
            self.program.exact  # noqa: B018  (computed for its error)
        except ValueError as error:
            return error
        return None

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """What the case computes, in order."""
        return tuple(slot for slot, _ in self.program.exact)

    @cached_property
    def expected(self) -> dict[Slot, Expected]:
        """Value and bound of everything the case computes."""
        return self.expected_by(self.program)

    def expected_by(self, program: Program) -> dict[Slot, Expected]:
        """The same by another formula (a reading of the documentation)."""
        found = expect(
            program.function,
            program.arguments,
            self.case.dtype,
            self.seed,
            alternates=[other.function for other in self.alternates(program)],
            discrete=self.spec.discrete,
        )
        return dict(zip((slot for slot, _ in program.exact), found, strict=True))

    def alternates(self, program: Program) -> list[Program]:
        """The formulas that an implementation may use in the place of the oracle's."""
        if self.spec.alternates is None or program.formula is not None:
            return []
        return [replace(program, formula=formula) for formula in self.spec.alternates(program)]

    @cached_property
    def readings(self) -> dict[str, Program]:
        """What else the documentation may mean, where it makes a difference for this case."""
        exact = self.program.exact
        return {name: p for name, p in self.meanings.items() if not _alike(p.exact, exact)}

    @cached_property
    def expected_readings(self) -> dict[str, dict[Slot, Expected]]:
        """Value and bound by each of ``readings``."""
        return {name: self.expected_by(program) for name, program in self.readings.items()}

    @cached_property
    def meanings(self) -> dict[str, Program]:
        """All that the documentation may mean: derivatives may differ where values agree."""
        layer, case = self.program.layer, self.case
        found: dict[str, Program] = {}
        if hasattr(layer, "readings"):
            for name in self._named(layer.readings):
                found[name] = Program(case, _reading(layer.readings, name))
        if hasattr(layer, "update_readings"):
            for name in self._named(layer.update_readings):
                found[name] = Program(case, updating=_reading(layer.update_readings, name))
        declared = self.spec.readings(self.program) if self.spec.readings else {}
        return found | {name: Program(case, formula) for name, formula in declared.items()}

    def _named(self, readings: Callable[..., Any]) -> list[str]:
        """The names of a layer's readings in any of the calls."""
        arrays = self.program.arguments
        w = {role: arrays.get(f"weights/{role}", x) for role, x in self.case.weights.items()}
        names: dict[str, None] = {}
        with np.errstate(all="ignore"):
            for number in range(len(self.case.calls)):
                inputs, named = self.program.called(number, arrays, readings)
                names |= dict.fromkeys(readings(w, *inputs, **named))
        return list(names)

    def outputs(self, call: int = 0) -> tuple[Expected, ...]:
        """What the oracle expects of one call, in order."""
        return self.select("output", call)

    def select(self, what: str, call: int) -> tuple[Expected, ...]:
        """What the oracle expects of one kind of result of one call, in order."""
        found = self.expected.items()
        return tuple(want for slot, want in found if (slot.call, slot.what) == (call, what))

    def answer(self, aspect: str) -> Answer:
        """What the implementation answered to ``aspect``, if it was asked."""
        return self.answers.get(aspect, Unsupported("not asked"))

    def take(self, outcome: Outcome) -> None:
        """Add what the implementation answered."""
        self.answers |= outcome.answers
        self.seconds += outcome.seconds


def completed(spec: Spec, case: Case) -> Examined:
    """The case, with cotangents if it has none; as it is if the oracle refuses it."""
    examined = Examined(spec, case)
    if examined.refused is not None or case.cotangents:
        return examined
    return Examined(spec, _with_cotangents(spec, case))


def _with_cotangents(spec: Spec, case: Case) -> Case:
    """The case with one cotangent per output of its last call: small integers, 0 only at kinks.

    Exact in every dtype, so that the cotangents themselves cost no rounding.
    """
    program = Program(case)
    last = len(case.calls) - 1
    outputs = [y for slot, y in program.exact if (slot.call, slot.what) == (last, "output")]
    with np.errstate(all="ignore"):
        kinks = spec.kinks(program) if spec.kinks else {}
    rng = np.random.default_rng(crc32(digest(case).encode()))
    cotangents = tuple(
        np.where(kinks.get(f"outputs/{i}", False), 0, _cotangent(rng, np.shape(y)))
        for i, y in enumerate(outputs)
    )
    return msgspec.structs.replace(case, cotangents=tuple(c.astype(case.dtype) for c in cotangents))


def _reading(readings: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The reading of that name; the documented one in a call where it makes no difference."""
    one = {"only": name} if "only" in signature(readings).parameters else {}

    def reading(w: Any, *inputs: Any, **call: Any) -> Any:
        found = readings(w, *inputs, **call, **one)
        return found.get(name, next(iter(found.values())))

    if "masks" in signature(readings).parameters:
        return lambda w, *inputs, masks, **call: reading(w, *inputs, masks=masks, **call)
    return reading


def _cotangent(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return rng.integers(1, 4, shape) * rng.choice([-1, 1], shape)


def _alike(a: tuple[tuple[Slot, Array], ...], b: tuple[tuple[Slot, Array], ...]) -> bool:
    return len(a) == len(b) and all(
        np.array_equal(x, y, equal_nan=np.asarray(x).dtype.kind == "f")
        for (_, x), (_, y) in zip(a, b, strict=True)
    )
