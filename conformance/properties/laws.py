"""Laws: what the formula suggests, tested on the implementation without the oracle's values."""

import numpy as np

from ...adapters.protocol import Case, Forward
from ...reference.core import Array
from ...reports.schema import CaseVerdict
from ..bounds import Expected
from ..examined import Examined
from ..observation import Observation, fail, lost, together
from ..spec import Law, Spec
from .property import ONE_DTYPE, Property, ordinary


def judge(examined: Examined) -> Observation:
    """Each law that applies: the derived case's last outputs are those of the case, related."""
    forward = examined.answer("forward")
    if not isinstance(forward, Forward):
        return lost(forward) or fail(f"answered {type(forward).__name__}")
    parts = []
    for law in examined.spec.laws:
        answer = examined.answer(f"law {law.name}")
        derived = law.derive(examined.case)
        if derived is None:
            continue
        if not isinstance(answer, Forward):
            return lost(answer) or fail(f"{law.name}: answered {type(answer).__name__}")
        bounds = Examined(examined.spec, derived).outputs(len(derived.calls) - 1)
        parts.append(_judge_law(examined, law, forward, answer, bounds))
    return together(parts)


def _judge_law(
    examined: Examined,
    law: Law,
    forward: Forward,
    derived: Forward,
    bounds: tuple[Expected, ...],
) -> Observation:
    """Both results may err by their bounds, so the law may be off by both together."""
    base = tuple(y.astype(np.float64) for y in forward.results[0].outputs)
    if [y.shape for y in base] != [want.value.shape for want in examined.outputs(0)]:
        return fail(f"{law.name}: outputs have shapes {[y.shape for y in base]}")
    want = law.relate(examined.case, base)
    allowed = law.relate(examined.case, tuple(e.allowed for e in examined.outputs(0)))
    judged = law.relate(examined.case, tuple(~e.limited for e in examined.outputs(0)))
    parts = []
    for place, got in enumerate(derived.results[-1].outputs):
        if got.shape != want[place].shape:
            return fail(f"{law.name}: shape {got.shape}, expected {want[place].shape}")
        use = np.asarray(judged[place], bool) & ~bounds[place].limited
        ratios = _ratios(got, want[place], np.abs(allowed[place]) + bounds[place].allowed)[use]
        largest = ratios.max(initial=0.0)
        verdict: CaseVerdict = "pass" if largest <= 1.0 else "fail"
        message = "" if verdict == "pass" else f"{law.name}: off by {largest:.3g} × what is allowed"
        parts.append(Observation(verdict, message, bool(use.any()) or not use.size, ratios=ratios))
    return together(parts)


def _ratios(got: Array, want: Array, allowed: Array) -> Array:
    with np.errstate(all="ignore"):
        error = np.abs(got.astype(np.float64) - want)
        ratio = np.where(error == 0, 0.0, error / allowed)
    alike = (got == want) | (np.isnan(got.astype(np.float64)) & np.isnan(want))
    return np.where(alike, 0.0, np.where(np.isnan(ratio), np.inf, ratio))


def lawful(spec: Spec, case: Case) -> bool:
    """Some law says something about the case."""
    return ordinary(spec, case) and any(law.derive(case) is not None for law in spec.laws)


LAWS = Property("laws", ("forward", "laws"), judge, lawful, ONE_DTYPE, costly=True)
