"""Properties of form: shapes, dtypes, masks, configuration, the list of weights, refusals."""

import msgspec
import numpy as np

from ...adapters.protocol import Accepted, Case, ConfigTrip, Forward, Raised, Shapes, WeightList
from ...reference.core import Array
from ..argument import same_argument
from ..examined import Examined
from ..observation import PASS, Observation, fail, lost, same, together
from ..program import Program
from ..spec import Spec
from .property import ONE_DTYPE, Property


def judge_shape(examined: Examined) -> Observation:
    """compute_output_shape, symbolic and eager shapes are the oracle's."""
    answer = examined.answer("shape")
    if not isinstance(answer, Shapes):
        return lost(answer) or fail(f"answered {type(answer).__name__}")
    want = [w.value.shape for w in examined.outputs(0)]
    computed = want if not examined.case.calls[0].call else _told_shapes_only(examined.case)
    if list(answer.computed) not in (computed, want):
        return fail(f"compute_output_shape says {list(answer.computed)}, expected {computed}")
    symbolic = [signature.shape for signature in answer.symbolic]
    if symbolic != want:
        return fail(f"a symbolic call has shape {symbolic}, expected {want}")
    batchless = [signature.shape for signature in answer.batchless]
    if batchless and not all(map(_fits, batchless, want)):
        return fail(f"a symbolic call without batch size has shape {batchless}, expected {want}")
    return PASS


def _told_shapes_only(case: Case) -> list[tuple[int, ...]]:
    """The outputs' shapes without the call's keyword arguments, which nobody tells the method."""
    first = msgspec.structs.replace(case.calls[0], call={})
    program = Program(msgspec.structs.replace(case, steps=(first,)))
    return [np.shape(y) for slot, y in program.exact if slot.what == "output"]


def _fits(open_shape: tuple[int | None, ...], shape: tuple[int, ...]) -> bool:
    return len(open_shape) == len(shape) and all(
        a is None or a == b for a, b in zip(open_shape, shape, strict=True)
    )


def judge_dtype(examined: Examined) -> Observation:
    """Floating outputs have the case's dtype, eager as symbolic."""
    answer = examined.answer("forward")
    if not isinstance(answer, Forward):
        return lost(answer) or fail(f"answered {type(answer).__name__}")
    for number, result in enumerate(answer.results):
        wanted = examined.outputs(number)
        for place, (want, y) in enumerate(zip(wanted, result.outputs, strict=False)):
            if want.value.dtype.kind == "f" and y.dtype.name != examined.case.dtype:
                return fail(f"output {place} is {y.dtype.name}, expected {examined.case.dtype}")
    shapes = examined.answer("shape")
    if isinstance(shapes, Shapes):
        eager = [y.dtype.name for y in answer.results[0].outputs]
        symbolic = [signature.dtype for signature in shapes.symbolic]
        if symbolic != eager:
            return fail(f"symbolic outputs are {symbolic}, eager ones {eager}")
    return PASS


def judge_mask(examined: Examined) -> Observation:
    """The mask that each output carries is the documented one, or one of its readings."""
    answer = examined.answer("forward")
    if not isinstance(answer, Forward):
        return lost(answer) or fail(f"answered {type(answer).__name__}")
    parts = []
    for step, result in zip(examined.case.calls, answer.results, strict=True):
        seen = {
            name: _same_masks(wanted, result.masks)
            for name, wanted in examined.program.masks(step).items()
        }
        matching = [name for name, part in seen.items() if part.verdict == "pass"]
        if not matching:
            parts.append(next(iter(seen.values())))
        elif len(matching) == len(seen):
            parts.append(PASS)
        else:
            parts.append(Observation("unspecified", reading=matching[0]))
    return together(parts)


def _same_masks(wanted: Array | None, found: tuple[Array | None, ...]) -> Observation:
    """The first output's mask; further outputs (states, scores) carry none of their own."""
    got = found[0] if found else None
    if wanted is None and got is None:
        return PASS
    if wanted is None or got is None:
        text = ["no mask" if m is None else f"a mask of shape {m.shape}" for m in (got, wanted)]
        return fail(f"the output carries {text[0]}, expected {text[1]}")
    return same("mask", [np.asarray(wanted, bool)], [got.astype(bool)])


def carries_a_mask(spec: Spec, case: Case) -> bool:  # noqa: ARG001
    """Some input carries a mask, or the layer makes one."""
    given = any(mask is not None for step in case.calls for mask in step.masks)
    return given or case.item == "layers.Masking" or bool(case.config.get("mask_zero"))


def judge_config(examined: Examined) -> Observation:
    """Arguments survive get_config → JSON → from_config, and so does the behaviour."""
    answer = examined.answer("config")
    if not isinstance(answer, ConfigTrip):
        return lost(answer) or fail(f"answered {type(answer).__name__}")
    for name, given in examined.case.config.items():
        if name in answer.missing:
            return fail(f"get_config has no {name} (given: {given!r})")
        back = answer.config.get(name)
        if not same_argument(given, back, name):
            return fail(f"get_config gives {name}={back!r} for {name}={given!r}")
    forward = examined.answer("forward")
    if isinstance(forward, Forward):
        return same("output after from_config", forward.results[0].outputs, answer.outputs)
    return PASS


def judge_weights(examined: Examined) -> Observation:
    """Roles, order, shapes, dtypes; set_weights and get_weights; frozen weights."""
    answer = examined.answer("weights")
    if not isinstance(answer, WeightList):
        return lost(answer) or fail(f"answered {type(answer).__name__}")
    layer = examined.program.layer
    shapes = layer.weights(*(x.shape for x in examined.case.calls[0].inputs))
    want = [(role, tuple(shape)) for role, shape in shapes.items()]
    got = [(weight.role, weight.shape) for weight in answer.weights]
    if got != want:
        return fail(f"weights {got}, expected {want}")
    dtypes = {w.dtype for w in answer.weights} - {examined.case.dtype}
    if dtypes:
        return fail(f"weights of a {examined.case.dtype} layer are {', '.join(sorted(dtypes))}")
    if answer.frozen:
        return fail(f"trainable=False leaves {', '.join(answer.frozen)} trainable")
    roles = list(shapes)
    return same(
        "weight after set_weights and get_weights",
        [examined.case.weights[role] for role in roles],
        [answer.round_trip[role] for role in roles],
    )


def judge_invalid(examined: Examined) -> Observation:
    """What the documentation forbids raises a ValueError (or a class derived from it)."""
    answer = examined.answer("invalid")
    match answer:
        case Raised(kind, bases, message):
            if "ValueError" in (kind, *bases):
                return PASS
            return fail(f"raised {kind}, expected ValueError ({examined.refused}): {message}")
        case Accepted():
            return fail(f"accepted; expected ValueError: {examined.refused}")
    return lost(answer) or fail(f"answered {type(answer).__name__}")


def has_weights(spec: Spec, case: Case) -> bool:  # noqa: ARG001
    """The layer has weights."""
    return bool(case.weights)


SHAPE = Property("shape", ("shape",), judge_shape, dtypes=ONE_DTYPE)
DTYPE = Property("dtype", ("forward", "shape"), judge_dtype)
MASK = Property("mask", ("forward",), judge_mask, carries_a_mask, ONE_DTYPE)
CONFIG = Property("config", ("config", "forward"), judge_config, dtypes=ONE_DTYPE)
WEIGHTS = Property("weights", ("weights",), judge_weights, has_weights, ONE_DTYPE)
INVALID = Property("invalid", ("invalid",), judge_invalid, dtypes=ONE_DTYPE, refused=True)
