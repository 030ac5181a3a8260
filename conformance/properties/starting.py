"""Properties of a layer's start and of one step of training: initial values, constraints."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...adapters.protocol import Case, Gradients, Initial, Stepped
from ...reference import attachments
from ...reference.core import Array
from ..bounds import FORMATS, expect
from ..examined import Examined
from ..observation import PASS, Observation, fail, lost, numeric, same, together
from ..program import Program
from ..spec import Spec
from .property import ONE_DTYPE, Property

LEARNING_RATE = 0.5

HOUSEHOLDER = 8
"""The modest constant of a QR factorisation's backward error."""


def judge_initial(examined: Examined) -> Observation:
    """Exact initializers give their values; random ones stay in their support and vary by seed."""
    answer = examined.answer("initial")
    if not isinstance(answer, Initial):
        return lost(answer) or fail(f"answered {type(answer).__name__}")
    layer, dtype = examined.program.layer, examined.case.dtype
    parts = []
    for role, shape in ((role, w.shape) for role, w in examined.case.weights.items()):
        initializer = attachments.initializer_of(layer, role)
        first, second = answer.first.get(role), answer.second.get(role)
        if first is None or second is None or first.shape != shape:
            parts.append(fail(f"{role}: no initial value of shape {shape}"))
        elif callable(initializer):
            want = np.asarray(initializer(shape), np.float64).astype(dtype)
            parts += [same(f"initial {role}", [want], [got]) for got in (first, second)]
        elif hasattr(initializer, "distribution"):
            parts.append(_random(role, initializer, first, second))
        elif hasattr(initializer, "gram"):
            parts += [_orthogonal(role, initializer, got, dtype) for got in (first, second)]
    return together(parts)


def _random(role: str, initializer: Any, first: Array, second: Array) -> Observation:
    """In the support; another draw for another seed, the same one where the seed is given."""
    low, high = initializer.distribution(first.shape).support()
    for values in (first, second):
        wide = values.astype(np.float64)
        # The ends of the support are rounded to the dtype like the values themselves.
        ends = np.array([low, high]).astype(values.dtype).astype(np.float64)
        if not ((wide >= ends[0]) & (wide <= ends[1])).all():
            return fail(f"initial {role} leaves [{low}, {high}]: {wide.min()} … {wide.max()}")
    alike = np.array_equal(first, second)
    if initializer.seed is not None and not alike:
        return fail(f"initial {role} differs although seed={initializer.seed}")
    if initializer.seed is None and first.size > 1 and alike:
        return fail(f"initial {role} is the same for two seeds")
    return PASS


def _orthogonal(role: str, initializer: Any, values: Array, dtype: str) -> Observation:
    """Rows or columns of equal length at right angles, as exactly as a QR factorisation gives them.

    By Higham, Accuracy and Stability, theorem 19.4: a modest constant times n u.
    """
    wide = values.astype(np.float64)
    want, n = initializer.expected_gram(wide.shape), max(initializer.matrix(wide.shape))
    allowed = HOUSEHOLDER * n * FORMATS[dtype].u * initializer.gain**2
    if (np.abs(initializer.gram(wide) - want) > allowed).any():
        return fail(f"initial {role} is not orthogonal: {initializer.gram(wide)}")
    return PASS


def judge_constraint(examined: Examined) -> Observation:
    """After one step of gradient descent each weight is its constraint of what descent gives."""
    answer, gradients = examined.answer("constraint"), examined.answer("gradients")
    if not isinstance(answer, Stepped):
        return lost(answer) or fail(f"answered {type(answer).__name__}")
    if not isinstance(gradients, Gradients):
        return lost(gradients) or fail(f"answered {type(gradients).__name__}")
    layer, case = examined.program.layer, examined.case
    roles = [role for role in case.weights if role in answer.weights]
    if not roles:
        return fail("no trainable weight was stepped")
    arguments = {f"w/{r}": case.weights[r].astype(np.float64) for r in roles}
    arguments |= {f"g/{r}": gradients.weights[r].astype(np.float64) for r in roles}

    def stepped(a: Mapping[str, Array]) -> tuple[Array, ...]:
        moved = {r: a[f"w/{r}"] - LEARNING_RATE * a[f"g/{r}"] for r in roles}
        constrained = attachments.constrain(layer, moved)
        return tuple(constrained[r] for r in roles)

    expected = expect(stepped, arguments, case.dtype, examined.seed)
    return numeric("weight after a step", expected, [answer.weights[r] for r in roles])


def constrained(spec: Spec, case: Case) -> bool:  # noqa: ARG001
    """Some weight that is trained has a constraint."""
    layer = Program(case).layer
    governed = (attachments.constraint_of(layer, role) is not None for role in case.weights)
    return getattr(layer, "trainable", True) and any(governed)


def initialised(spec: Spec, case: Case) -> bool:  # noqa: ARG001
    """There are weights that an initializer makes."""
    return bool(case.weights)


INITIAL = Property("initial", ("initial",), judge_initial, initialised, ONE_DTYPE, costly=True)
CONSTRAINT = Property(
    "constraint", ("constraint", "gradients"), judge_constraint, constrained, ONE_DTYPE, costly=True
)
