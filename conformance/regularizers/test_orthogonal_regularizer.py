"""OrthogonalRegularizer: how to draw a case, where |cosine| has no derivative, and its own laws."""

import numpy as np
from hypothesis import strategies as st

from layerproof.conformance.bounds import FORMATS
from layerproof.conformance.draw import floats, plain_case
from layerproof.conformance.draw.vectors import FACTORS, vector_cases
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import PENALTY_LAWS, homogeneous_of_degree
from layerproof.reference.regularizers.orthogonal_regularizer import SMALLEST_NORM

ITEM = "regularizers.OrthogonalRegularizer"

SHAPES = st.sampled_from([(2, 3), (3, 3), (4, 2), (2, 2), (1, 4), (4, 1), (8, 8), (1, 1)])

NEAR = 8
"""A product within so many roundings of 0 may have either sign."""


def cases(dtype):
    choices = {"factor": FACTORS, "mode": st.sampled_from(["columns", "rows"])}
    return vector_cases(ITEM, dtype, choices, among=SHAPES)


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


def not_finite(value):
    def corner(dtype):
        x = floats("normal", (3, 3), dtype, 1)
        x[1, 2] = value
        return plain_case(ITEM, {}, x, dtype, "nan" if np.isnan(value) else "infinite")

    return corner


def kinks(program):
    """Elements that turn their vector to or from an orthogonal one, and all of a zero vector."""
    (name, x), *_ = program.arguments.items()
    rows = x if program.layer.apply.mode == "rows" else x.T
    products, sizes = rows @ rows.T, np.abs(rows) @ np.abs(rows).T
    flat = np.abs(products) <= NEAR * FORMATS[program.case.dtype].u * sizes
    flat &= ~np.eye(len(rows), dtype=bool)
    mask = ((flat.astype(float) @ (rows != 0.0)) > 0) | ~rows.any(1, keepdims=True)
    mask &= len(rows) > 1
    return {name: mask if program.layer.apply.mode == "rows" else mask.T}


def by_reciprocal_root(program):
    """Vectors multiplied with one over their length: a common way to normalise."""
    made = program.layer.apply

    def formula(w, x):
        x = x if made.mode == "rows" else x.T
        n = x.shape[0]
        squared = np.maximum(np.square(x).sum(1, keepdims=True), SMALLEST_NORM**2)
        unit = x * np.power(squared, -0.5)
        cosines = np.where(np.eye(n, dtype=bool), 0.0, unit @ unit.T)
        return made.factor * np.abs(cosines).sum() / (n * (n - 1) or np.nan)

    return [formula]


test_orthogonal_regularizer = every_property(
    ITEM,
    cases,
    invalid=invalid,
    examples=(not_finite(np.nan), not_finite(np.inf), not_finite(-np.inf)),
    kinks=kinks,
    alternates=by_reciprocal_root,
    laws=(*PENALTY_LAWS, homogeneous_of_degree(0)),
    without={"gain": "one number per case: no survey has the elements that pooling needs"},
)
