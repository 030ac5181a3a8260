"""What layers carry: losses, initial values and constraints, role by role."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from layerproof.reference import attachments
from layerproof.reference.constraints import MaxNorm, NonNeg, UnitNorm
from layerproof.reference.initializers import Constant, Ones, RandomUniform, Zeros
from layerproof.reference.layers import Activation, Dense, Embedding
from layerproof.reference.regularizers import L1, L2


@dataclass(frozen=True)
class Cell:
    """Something with the argument names of recurrent layers."""

    kernel_regularizer: Any = None
    recurrent_regularizer: Any = None
    recurrent_initializer: Any = "ones"
    bias_constraint: Any = None


@dataclass(frozen=True)
class Stack:
    """Something that holds others."""

    cells: tuple[Cell, ...]
    layer: Dense


def test_the_documented_example() -> None:
    """Quoted: "The kernel regularization term is 0.25, the activity regularization term is 5.0"."""
    dense = Dense(5, use_bias=False, kernel_regularizer=L1(0.01), activity_regularizer=L2(0.01))
    w = {"kernel": np.ones((5, 5))}
    y = dense(w, np.full((5, 5), 2.0))
    weight, activity = attachments.weight_losses(dense, w), attachments.activity_losses(dense, (y,))
    assert weight == pytest.approx([0.25], rel=1e-15)
    assert activity == pytest.approx([5.0], rel=1e-15)


def test_weight_losses_in_the_order_of_the_weights() -> None:
    dense = Dense(2, kernel_regularizer=L1(1.0), bias_regularizer="l2")
    w = {"kernel": np.full((3, 2), -2.0), "bias": np.array([3.0, 4.0])}
    assert attachments.weight_losses(dense, w) == pytest.approx([12.0, 0.25], rel=1e-15)
    assert attachments.weight_losses(Dense(2), w) == ()
    assert attachments.weight_losses(Activation("relu"), {}) == ()


def test_activity_losses_are_per_sample() -> None:
    dense = Dense(2, activity_regularizer=L1(0.5))
    y = np.array([[1.0, -2.0], [3.0, 4.0], [0.0, 0.0], [0.0, 2.0]])
    assert attachments.activity_losses(dense, (y,)) == (12.0 * 0.5 / 4,)
    twice = np.concatenate([y, y])
    assert attachments.activity_losses(dense, (twice,)) == (12.0 * 0.5 / 4,)
    assert attachments.activity_losses(dense, (y, y[:2])) == (12.0 * 0.5 / 4, 10.0 * 0.5 / 2)
    assert attachments.activity_losses(Dense(2), (y,)) == ()
    assert attachments.activity_losses(Activation("relu"), (y,)) == ()


def test_initializers_by_role() -> None:
    dense = Dense(2, kernel_initializer=Constant(3.0))
    assert attachments.initializer_of(dense, "kernel") == Constant(3.0)
    assert attachments.initializer_of(dense, "bias") == Zeros()
    assert attachments.initializer_of(dense, "gamma") is None
    assert attachments.initializer_of(Embedding(3, 2), "embeddings") == RandomUniform(-0.05, 0.05)
    given = np.arange(6.0).reshape(3, 2)
    embedding = Embedding(3, 2, embeddings_initializer="ones", weights=given)
    initial = attachments.initializer_of(embedding, "embeddings")((3, 2))
    np.testing.assert_array_equal(initial, given)


def test_recurrent_kernel_belongs_to_recurrent_arguments() -> None:
    cell = Cell(kernel_regularizer=L2(1.0), recurrent_regularizer=L1(1.0))
    w = {"kernel": np.full(2, 3.0), "recurrent_kernel": np.full(2, 3.0), "bias": np.ones(2)}
    assert attachments.weight_losses(cell, w) == (18.0, 6.0)
    assert attachments.initializer_of(cell, "recurrent_kernel") == Ones()


def test_paths_lead_to_the_owner() -> None:
    cells = (Cell(), Cell(L1(1.0), bias_constraint=NonNeg()))
    stack = Stack(cells, Dense(1, kernel_regularizer="l2"))
    ones = np.ones((2, 1))
    w = {"cells/0/kernel": ones, "cells/1/kernel": ones, "layer/kernel": 10 * ones}
    assert attachments.weight_losses(stack, w) == pytest.approx([2.0, 2.0], rel=1e-15)
    bias = {"cells/0/bias": -ones, "cells/1/bias": -ones}
    after = attachments.constrain(stack, bias)
    np.testing.assert_array_equal(after["cells/0/bias"], -ones)
    np.testing.assert_array_equal(after["cells/1/bias"], 0 * ones)
    # query/kernel, where the layer has the arguments itself
    dense = Dense(1, kernel_regularizer=L1(1.0))
    assert attachments.weight_losses(dense, {"query/kernel": ones}) == (2.0,)


def test_constrain_applies_each_constraint_to_its_weight() -> None:
    dense = Dense(2, kernel_constraint="unit_norm", bias_constraint=NonNeg())
    w = {"kernel": np.array([[3.0, 0.0], [4.0, 2.0]]), "bias": np.array([-1.0, 2.0])}
    after = attachments.constrain(dense, w)
    assert list(after) == ["kernel", "bias"]
    np.testing.assert_array_equal(after["kernel"], UnitNorm()(w["kernel"]))
    np.testing.assert_array_equal(after["bias"], [0.0, 2.0])
    assert attachments.constraint_of(Dense(2), "kernel") is None
    embedding = Embedding(2, 2, embeddings_constraint=MaxNorm(1.0, axis=1))
    rows = attachments.constrain(embedding, {"embeddings": w["kernel"]})["embeddings"]
    assert np.all(np.linalg.norm(rows, axis=1) <= 1.0)
