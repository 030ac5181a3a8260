"""Dot: how to draw a case: any pair of axes, cosines, slices of length zero among them."""

import msgspec
import numpy as np
from hypothesis import strategies as st

from layerproof.adapters.protocol import Step
from layerproof.conformance.draw import arguments, sizes
from layerproof.conformance.draw.merging import INTEGERS, NO_WEIGHTS, case_of, refused
from layerproof.conformance.spec import Law, every_property
from layerproof.conformance.symmetries import BATCH_INDEPENDENT

ITEM = "layers.Dot"


@st.composite
def shapes_and_axes(draw):
    """Two shapes that share the batch size and the length of one axis each, and these axes."""
    if draw(st.integers(0, 2)) == 2:
        shapes, (i, j) = [[4, 16, 16], [4, 16, 16]], draw(st.sampled_from([(2, 1), (1, 1), (2, 2)]))
    else:
        equal, batch = draw(st.booleans()), draw(st.sampled_from([2, 3, 1, 0]))
        n = draw(sizes())
        ranks = [draw(st.integers(2, 4)) for _ in range(2)]
        shapes = [[batch, *(n if equal else draw(sizes()) for _ in range(r - 1))] for r in ranks]
        i, j = (draw(st.integers(1, r - 1)) for r in ranks)
        shapes[1][j] = shapes[0][i]
    if i == j and draw(st.booleans()):
        return [tuple(s) for s in shapes], i
    back = [draw(st.booleans()) for _ in range(2)]
    axes = tuple(a - len(s) if b else a for a, s, b in zip((i, j), shapes, back, strict=True))
    same = axes[0] == axes[1] and draw(st.booleans())
    return [tuple(s) for s in shapes], axes[0] if same else axes


@st.composite
def cases(draw, dtype):
    shapes, axes = draw(shapes_and_axes())
    config = {"axes": axes} | draw(arguments({"normalize": st.booleans()}))
    zeros = config.get("normalize") and draw(st.booleans())
    return draw(
        case_of(
            ITEM,
            config,
            shapes,
            dtype,
            whole=() if config.get("normalize") else INTEGERS,
            change=first_sample_zero if zeros else lambda x: x,
        )
    )


def first_sample_zero(x):
    """Slices without a direction, beside others."""
    return np.concatenate([np.zeros_like(x[:1]), x[1:]])


def invalid(dtype):
    square = [(2, 3, 3), (2, 3, 3)]
    wrong = [
        ({"axes": 1}, [(2, 3)]),
        ({"axes": 1}, [(2, 3)] * 3),
        ({"axes": 1}, [(2, 3), (3, 3)]),
        ({"axes": 1}, [(2, 3), (2, 4)]),
        ({"axes": (1, 2)}, [(2, 3, 4), (2, 3, 4)]),
        ({"axes": (1, 1, 1)}, square),
        ({"axes": (1,)}, square),
        ({"axes": 0}, square),
        ({"axes": (0, 1)}, [(3, 3, 3), (3, 3, 3)]),
        ({"axes": (1, -3)}, [(3, 3, 3), (3, 3, 3)]),
    ]
    return refused(ITEM, dtype, wrong)


def swapped(case):
    """The inputs, and their axes, in reverse."""
    step = case.calls[0]
    axes = case.config["axes"]
    if not isinstance(axes, int):
        case = msgspec.structs.replace(case, config={**case.config, "axes": axes[::-1]})
    inputs = step.inputs[::-1]
    steps = (Step("build", inputs), Step("call", inputs, (None, None)))
    return msgspec.structs.replace(case, steps=steps, cotangents=())


def transposed(case, outputs):
    """The axes that are left of the first input go behind those of the second."""
    first, second = (x.ndim - 2 for x in case.calls[0].inputs)
    axes = (0, *range(1 + first, 1 + first + second), *range(1, 1 + first))
    return tuple(y if first + second == 0 else y.transpose(axes) for y in outputs)


SYMMETRIC = Law("symmetry: inputs in reverse give the transposed", swapped, transposed)

test_dot = every_property(
    ITEM,
    cases,
    invalid=invalid,
    exact=True,
    laws=(BATCH_INDEPENDENT, SYMMETRIC),
    without=NO_WEIGHTS,
)
