"""Properties that compare numbers with the oracle's: eager, exact, losses, state, other ways."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ...adapters.protocol import Case, Compiled, Forward, Mixed, Reloaded, stateful
from ...reference.core import Array
from ..bounds import Expected, no_rounding
from ..examined import Examined
from ..observation import PASS, Observation, fail, lost, nearest, numeric, same, together
from ..program import Program, Slot
from ..spec import Spec
from .property import HALF, ONE_DTYPE, Property, ordinary, special

INTEGRAL = ("small_integers", "zeros", "ones", "iota")


def judge_values(examined: Examined) -> Observation:
    """Outputs of every call equal the oracle's within the bound, or those of another reading."""
    answer = examined.answer("forward")
    if not isinstance(answer, Forward):
        return lost(answer) or fail(f"answered {type(answer).__name__}")
    return _by_reading(examined, lambda expected: _outputs(examined, expected, answer))


def judge_losses(examined: Examined) -> Observation:
    """The sum of the layer's losses after each call."""
    answer = examined.answer("forward")
    if not isinstance(answer, Forward):
        return lost(answer) or fail(f"answered {type(answer).__name__}")
    return _by_reading(examined, lambda expected: _losses(expected, answer))


def judge_state(examined: Examined) -> Observation:
    """Non-trainable weights after each call: changed as documented, or left as they were."""
    answer = examined.answer("forward")
    if not isinstance(answer, Forward):
        return lost(answer) or fail(f"answered {type(answer).__name__}")
    return _by_reading(examined, lambda expected: _state(examined.case, expected, answer))


def judge_exact(examined: Examined) -> Observation:
    """Integer values that need no rounding give the exact result, or that of another reading."""
    answer = examined.answer("forward")
    if not isinstance(answer, Forward):
        return lost(answer) or fail(f"answered {type(answer).__name__}")
    documented = _exactly(examined.program, answer)
    if not examined.readings:
        return documented
    readings = {name: _exactly(program, answer) for name, program in examined.readings.items()}
    return _matching({"documented formula": documented} | readings)


def _exactly(program: Program, answer: Forward) -> Observation:
    parts = []
    for number, result in enumerate(answer.results):
        outputs = [y for slot, y in program.exact if (slot.call, slot.what) == (number, "output")]
        want = [np.asarray(y) for y in outputs]
        if any(w.shape != y.shape for w, y in zip(want, result.outputs, strict=False)):
            parts.append(fail(f"call {number}: shapes {[y.shape for y in result.outputs]}"))
            continue
        # The sign of a zero sum depends on the order of summation, so it does not count here.
        got = [y.astype(w.dtype) + 0 for w, y in zip(want, result.outputs, strict=False)]
        parts.append(same(f"call {number} output", [w + 0 for w in want], got))
    return together(parts)


def needs_no_rounding(spec: Spec, case: Case) -> bool:
    """Small integers all the way: no partial sum leaves the integers that the dtype holds."""
    if not spec.exact or case.family not in INTEGRAL:
        return False
    program = Program(case)
    return no_rounding(program.function, program.arguments, case.dtype)


def judge_compiled(examined: Examined) -> Observation:
    """Compiled and symbolic ways of running give the last call's values within the bound."""
    answer = examined.answer("compiled")
    if not isinstance(answer, Compiled):
        return lost(answer) or fail(f"answered {type(answer).__name__}")
    last = len(examined.case.calls) - 1
    return together(_any_reading(examined, way, last, y) for way, y in answer.outputs.items())


def judge_save(examined: Examined) -> Observation:
    """A saved and loaded layer gives bit-equal outputs, and they are the oracle's."""
    answer = examined.answer("save")
    if not isinstance(answer, Reloaded):
        return lost(answer) or fail(f"answered {type(answer).__name__}")
    last = len(examined.case.calls) - 1
    return together(
        [
            same("output after loading", answer.before, answer.after),
            _any_reading(examined, "output after loading", last, answer.after),
        ]
    )


def judge_mixed(examined: Examined) -> Observation:
    """Under a mixed policy variables are float32 and values within the compute dtype's bound."""
    answer = examined.answer("mixed")
    if not isinstance(answer, Mixed):
        return lost(answer) or fail(f"answered {type(answer).__name__}")
    wrong = {role: d for role, d in answer.variable_dtypes.items() if d != "float32"}
    if wrong:
        return fail(f"variables under mixed_{examined.case.dtype} are {wrong}, documented: float32")
    dtypes = {y.dtype.name for y in answer.outputs if y.dtype.kind not in "biu"}
    if dtypes - {examined.case.dtype}:
        return fail(f"outputs under mixed_{examined.case.dtype} are {dtypes}")
    return _any_reading(examined, "output", 0, answer.outputs)


def _outputs(examined: Examined, expected: dict[Slot, Expected], answer: Forward) -> Observation:
    if len(answer.results) != len(examined.case.calls):
        return fail(f"{len(answer.results)} results for {len(examined.case.calls)} calls")
    return together(
        numeric(
            f"call {number} output",
            list(_of(expected, "output", number).values()),
            result.outputs,
            examined.case.calls[number].inputs[0],
        )
        for number, result in enumerate(answer.results)
    )


def _losses(expected: dict[Slot, Expected], answer: Forward) -> Observation:
    parts = []
    for number, result in enumerate(answer.results):
        total = np.sum([np.float64(loss) for loss in result.losses])
        want = list(_of(expected, "loss", number).values())
        parts.append(numeric(f"sum of losses after call {number}", want, [total] * len(want)))
        if not want and result.losses:
            parts.append(fail(f"call {number} has {len(result.losses)} losses, expected none"))
    return together(parts)


def _state(case: Case, expected: dict[Slot, Expected], answer: Forward) -> Observation:
    known, parts = dict(case.weights), []
    for number, result in enumerate(answer.results):
        wanted = _of(expected, "state", number)
        for role, want in wanted.items():
            got, label = result.state.get(role), f"{role} after call {number}"
            parts.append(fail(f"{label}: absent") if got is None else numeric(label, [want], [got]))
        for role in result.state.keys() & known.keys() - wanted.keys():
            label = f"{role}, which call {number} leaves alone"
            parts.append(same(label, [known[role]], [result.state[role]]))
        known |= result.state
    return together(parts)


def _of(expected: dict[Slot, Expected], what: str, call: int) -> dict[str, Expected]:
    """What one call gives, by place or role."""
    return {s.which: want for s, want in expected.items() if (s.call, s.what) == (call, what)}


def _any_reading(examined: Examined, label: str, call: int, got: tuple[Array, ...]) -> Observation:
    def judged(expected: dict[Slot, Expected]) -> Observation:
        return numeric(label, list(_of(expected, "output", call).values()), got)

    return _by_reading(examined, judged)


def _by_reading(
    examined: Examined, judged: Callable[[dict[Slot, Expected]], Observation]
) -> Observation:
    """Where the documentation is open: the outcome must match one reading, which is recorded."""
    documented = judged(examined.expected)
    if not examined.readings:
        return documented
    found = {name: judged(expected) for name, expected in examined.expected_readings.items()}
    return _matching({"documented formula": documented} | found)


def _matching(found: dict[str, Observation]) -> Observation:
    """The first reading that holds; where all hold, they make no difference at this accuracy."""
    if all(observation.verdict == "pass" for observation in found.values()):
        return next(iter(found.values()))
    for name, observation in found.items():
        if observation.verdict == "pass":
            return replace(observation, verdict="unspecified", reading=name)
    near = nearest(found.values())
    return replace(near, message=f"matches no reading ({', '.join(found)}): {near.message}")


def starts_afresh(spec: Spec, case: Case) -> bool:
    """Ordinary values, and a last call that needs no state of an earlier one: no file has it."""
    before = case.steps[:-1]
    last = next((s.do for s in reversed(before) if s.do in ("call", "reset_state")), "")
    return ordinary(spec, case) and not (stateful(case.config) and last == "call")


def has_losses(spec: Spec, case: Case) -> bool:  # noqa: ARG001
    """The configuration has a regularizer."""
    return any(name.endswith("_regularizer") and value for name, value in case.config.items())


VALUES = Property("values", ("forward",), judge_values, ordinary)
SPECIAL_VALUES = Property("special", ("forward",), judge_values, special)
EXACT = Property("exact", ("forward",), judge_exact, needs_no_rounding)
GAIN = Property("gain", ("forward",), lambda _: PASS, ordinary, ("float32", *HALF), pooled=True)
LOSSES = Property("losses", ("forward",), judge_losses, has_losses)
STATE = Property("state", ("forward",), judge_state)
COMPILED = Property("compiled", ("compiled",), judge_compiled, ordinary, ONE_DTYPE, costly=True)
SAVE = Property("save", ("save",), judge_save, starts_afresh, ONE_DTYPE, costly=True)
MIXED = Property("mixed", ("mixed",), judge_mixed, ordinary, HALF)
