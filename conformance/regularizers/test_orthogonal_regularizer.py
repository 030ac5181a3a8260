"""OrthogonalRegularizer: how to draw a case, where |cosine| has no derivative, and its own laws."""

import numpy as np
from hypothesis import strategies as st

from layerproof.conformance.bounds import FORMATS
from layerproof.conformance.draw import plain_case
from layerproof.conformance.draw.vectors import FACTORS, vector_cases
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import PENALTY_LAWS, homogeneous_of_degree

ITEM = "regularizers.OrthogonalRegularizer"

NEAR = 8
"""A product within so many roundings of 0 may have either sign."""


def cases(dtype):
    choices = {"factor": FACTORS, "mode": st.sampled_from(["columns", "rows"])}
    return vector_cases(ITEM, dtype, choices, low=2, high=2)


@st.composite
def invalid(draw, dtype):
    config, shape = draw(
        st.sampled_from(
            [
                ({"mode": "row"}, (2, 3)),
                ({"mode": "both"}, (3, 3)),
                ({}, (3,)),
                ({"mode": "columns"}, (2, 3, 4)),
                ({"factor": 0.5}, (1, 2, 2)),
            ]
        )
    )
    return plain_case(ITEM, config, np.ones(shape, dtype), dtype, "ones")


def kinks(program):
    """An element that turns its vector towards or away from an orthogonal one; all of a zero one."""
    (name, x), *_ = program.arguments.items()
    rows = x if program.layer.apply.mode == "rows" else x.T
    products, sizes = rows @ rows.T, np.abs(rows) @ np.abs(rows).T
    flat = np.abs(products) <= NEAR * FORMATS[program.case.dtype].u * sizes
    flat &= ~np.eye(len(rows), dtype=bool)
    mask = ((flat.astype(float) @ (rows != 0.0)) > 0) | ~rows.any(1, keepdims=True)
    return {name: mask if program.layer.apply.mode == "rows" else mask.T}


test_orthogonal_regularizer = every_property(
    ITEM,
    cases,
    invalid=invalid,
    kinks=kinks,
    laws=(*PENALTY_LAWS, homogeneous_of_degree(0)),
    without={"gain": "one number per case: no survey has the elements that pooling needs"},
)
