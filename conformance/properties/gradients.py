"""Gradients, compared by directions: the implementation's ⟨VJP(c), v⟩, the oracle's ⟨c, JVP(v)⟩.

Some directions move a whole argument, so that every element counts, and some a single element, so
that one wrong element among thousands still shows. Where the derivative is a set (a kink),
directions stand still and the elements are compared with their set one by one.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from ...adapters.protocol import Case, Gradients
from ...reference.core import Array
from ..bounds import FORMATS, Expected, expect_directional, subgradients
from ..examined import Examined
from ..observation import Observation, fail, lost, nearest, numeric, together
from ..program import Program
from ..spec import Spec
from .property import Property, ordinary

SPARSE, AT_KINKS = 4, 6
"""How many directions move a single element; how many kinks are compared."""


def judge(examined: Examined) -> Observation:
    """Every direction within its bound, no NaN where the oracle is smooth, kinks in their sets."""
    answer = examined.answer("gradients")
    if not isinstance(answer, Gradients):
        return lost(answer) or fail(f"answered {type(answer).__name__}")
    got, problem = _named(examined, answer)
    if problem:
        return fail(problem)
    observations = [_compare(examined, examined.program, got)]
    for name, reading in examined.meanings.items():
        if observations[0].verdict == "pass":
            break
        other = _compare(examined, reading, got)
        if other.verdict == "pass":
            return Observation("unspecified", reading=name, ratios=other.ratios)
        observations.append(other)
    return nearest(observations)


def _compare(examined: Examined, program: Program, got: Mapping[str, Array]) -> Observation:
    """The gradients against one formula."""
    case, last = examined.case, len(examined.case.calls) - 1
    chosen = [i for i, s in enumerate(examined.slots) if (s.call, s.what) == (last, "output")]
    arguments = program.arguments

    outputs = _some(program, chosen)
    others = [_some(other, chosen) for other in examined.alternates(program)]
    cotangents = [c.astype(np.float64) for c in case.cotangents]
    kinks = _kinks(examined, program)
    directions = _directions(got, kinks, examined.seed)
    parts = []
    if any(v.any() for v in directions.values()):
        expected = expect_directional(
            outputs, arguments, cotangents, directions, case.dtype, examined.seed,
            alternates=others,
        )  # fmt: skip
        sums, magnitudes = _along(got, directions)
        handed_over = _handed_over(expected, magnitudes)
        parts.append(numeric("gradient along direction", [handed_over], [sums]))
    for name, mask in kinks.items():
        places = np.flatnonzero(mask)[:AT_KINKS]
        if places.size and name in got:
            low, high = subgradients(
                outputs, arguments, cotangents, name, places, case.dtype, examined.seed,
                alternates=others,
            )  # fmt: skip
            parts.append(_in_set(name, places, got[name].ravel()[places], low, high))
    excluded = sum(int(mask.sum()) for name, mask in kinks.items() if name in got)
    total = sum(g.size for g in got.values())
    parts.append(Observation("pass", compared=2 * excluded <= total, excluded=excluded))
    found = together(parts)
    return found if 2 * excluded <= total else replace(found, compared=False)


def _some(
    program: Program, chosen: list[int]
) -> Callable[[Mapping[str, Array]], tuple[Array, ...]]:
    """The program as a function to the chosen ones of its results."""

    def outputs(arrays: Mapping[str, Array]) -> tuple[Array, ...]:
        everything = program.function(arrays)
        return tuple(everything[i] for i in chosen)

    return outputs


def _named(examined: Examined, answer: Gradients) -> tuple[dict[str, Array], str]:
    """Gradients by argument name, and what is wrong with their number or shapes."""
    last = len(examined.case.calls) - 1
    given = {f"calls/{last}/inputs/{i}": g for i, g in enumerate(answer.inputs) if g is not None}
    given |= {f"weights/{role}": g for role, g in answer.weights.items()}
    wanted = {
        name: x.shape
        for name, x in examined.program.arguments.items()
        if name in given or name.startswith(f"calls/{last}/inputs/")
    }
    absent = sorted(set(wanted) - set(given))
    if absent:
        return {}, f"no gradient with respect to {', '.join(absent)}"
    for name, shape in wanted.items():
        if given[name].shape != shape:
            return {}, f"gradient with respect to {name} has shape {given[name].shape}, not {shape}"
    return {name: given[name].astype(np.float64) for name in wanted}, ""


def _kinks(examined: Examined, program: Program) -> dict[str, Array]:
    if examined.spec.kinks is None:
        return {}
    with np.errstate(all="ignore"):
        masks = examined.spec.kinks(program).items()
    return {name: np.asarray(mask, bool) for name, mask in masks if name in program.arguments}


def _directions(
    got: Mapping[str, Array], kinks: Mapping[str, Array], seed: int
) -> dict[str, Array]:
    """Per argument (directions, *shape): first each argument moves alone, then single elements.

    An argument that moves alone cannot hide behind larger ones, and its steps are all different, so
    that wrong elements do not cancel. The single elements are of as many arguments as there are.
    """
    rng = np.random.default_rng(seed)
    smooth_at = {name: ~kinks.get(name, np.zeros(g.shape, bool)) for name, g in got.items()}
    free = {name: np.flatnonzero(where) for name, where in smooth_at.items()}
    moving = [name for name, places in free.items() if places.size]
    order = [moving[i] for i in rng.permutation(len(moving))] if moving else []
    sparse = min(SPARSE, sum(free[name].size for name in moving))
    directions = {name: np.zeros((len(moving) + sparse, *g.shape)) for name, g in got.items()}
    for row, name in enumerate(moving):
        places = free[name]
        steps = rng.choice([-1.0, 1.0], places.size) * rng.uniform(1.0, 2.0, places.size)
        directions[name][row].flat[places] = steps
    for row in range(sparse):
        name = order[row % len(order)]
        directions[name][len(moving) + row].flat[rng.choice(free[name])] = 1.0
    return directions


def _along(got: Mapping[str, Array], directions: Mapping[str, Array]) -> tuple[Array, Array]:
    """⟨g, v⟩ per direction and Σ|g v|; an element that a direction leaves alone does not count."""
    rows = next(iter(directions.values())).shape[0]
    sums, magnitudes = np.zeros(rows), np.zeros(rows)
    for name, v in directions.items():
        with np.errstate(all="ignore"):
            terms = np.where(v != 0, got[name] * v, 0.0).reshape(rows, -1)
            sums += terms.sum(1)
            magnitudes += np.abs(terms).sum(1)
    return sums, magnitudes


def _handed_over(expected: Expected, magnitudes: Array) -> Expected:
    """Each element of the implementation's gradient was rounded once to be handed over.

    Where float64 itself overflows there is nothing to compare with.
    """
    rounding = FORMATS[expected.dtype].u * np.where(np.isfinite(magnitudes), magnitudes, 0.0)
    limited = expected.limited | ~np.isfinite(expected.value)
    return replace(expected, allowed=expected.allowed + rounding, limited=limited)


def _in_set(name: str, places: Array, got: Array, low: Array, high: Array) -> Observation:
    outside = ~((low <= got) & (got <= high))
    if not outside.any():
        return Observation("pass")
    k = int(np.flatnonzero(outside)[0])
    return fail(
        f"gradient with respect to {name} at the kink of element {places[k]} is {got[k]}, "
        f"outside the set [{low[k]}, {high[k]}]"
    )


def smooth(spec: Spec, case: Case) -> bool:
    """Ordinary values, and something to differentiate."""
    return ordinary(spec, case) and bool(case.cotangents) and bool(Program(case).arguments)


GRADIENTS = Property("gradients", ("gradients",), judge, smooth)
