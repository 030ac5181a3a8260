"""What the Keras adapter computes, on every backend, against NumPy written out here."""

import math

import ml_dtypes
import numpy as np
import pytest

from layerproof.adapters.protocol import Case, Gradients, Raised, Step, Unsupported

RNG = [np.random.default_rng(7)]


@pytest.fixture(autouse=True)
def _same_draws_in_any_order() -> None:
    RNG[:] = [np.random.default_rng(7)]


def draw(*shape: int, dtype: object = np.float32) -> np.ndarray:
    return RNG[0].normal(size=shape).astype(dtype)


def layer(
    name: str, inputs: list, config: dict, weights: dict | None = None, **more: object
) -> Case:
    """A case that builds and calls once."""
    call = Step("call", tuple(inputs), more.pop("masks", ()), more.pop("call", {}))
    steps = (Step("build", tuple(inputs)), call)
    dtype = next(x.dtype.name for x in (*inputs, *(weights or {}).values()) if x.dtype.kind in "fV")
    return Case(f"layers.{name}", config, weights or {}, steps, dtype, **more)


def close(got: np.ndarray, want: np.ndarray, rtol: float = 1e-5) -> bool:
    got, want = np.asarray(got, np.float64), np.asarray(want, np.float64)
    return got.shape == want.shape and np.allclose(got, want, rtol=rtol, atol=rtol)


@pytest.mark.parametrize(
    ("dtype", "rtol"),
    [("float64", 1e-6), ("float32", 1e-5), (ml_dtypes.bfloat16, 0.05), ("float16", 5e-3)],
)
def test_dense_in_every_dtype(ask, run, dtype, rtol) -> None:
    x, k, b, c = (draw(*s, dtype=dtype) for s in ((4, 3), (3, 3), (3,), (4, 3)))
    case = layer("Dense", [x], {"units": 3}, {"kernel": k, "bias": b}, cotangents=(c,))
    result = run(case)
    assert result.outputs[0].dtype == np.dtype(dtype)
    wide = [a.astype(np.float64) for a in (x, k, b, c)]
    assert close(result.outputs[0], wide[0] @ wide[1] + wide[2], rtol)
    gradients = ask(case, "gradients")
    assert isinstance(gradients, Gradients), gradients
    assert gradients.inputs[0].dtype == np.dtype(dtype)
    assert close(gradients.inputs[0], wide[3] @ wide[1].T, rtol)
    assert close(gradients.weights["kernel"], wide[0].T @ wide[3], 4 * rtol)
    assert close(gradients.weights["bias"], wide[3].sum(0), 4 * rtol)


def test_float64_arrives_whole(run) -> None:
    a, b = draw(3, 4, dtype=np.float64), draw(3, 4, dtype=np.float64)
    assert np.array_equal(run(layer("Add", [a, b], {})).outputs[0], a + b)


def test_losses_of_weights_and_activity(run) -> None:
    x, k = draw(2, 3), draw(3, 3)
    l1 = {"$item": "regularizers.L1", "config": {"l1": 0.5}}
    config = {"units": 3, "use_bias": False, "kernel_regularizer": l1, "activity_regularizer": "l2"}
    losses = run(layer("Dense", [x], config, {"kernel": k})).losses
    y = x @ k
    assert sorted(map(float, losses)) == pytest.approx(
        sorted([0.5 * np.abs(k).sum(), 0.01 * (y**2).sum() / 2]), rel=1e-5
    )


def test_softmax_takes_a_mask_argument_and_an_implicit_one(run) -> None:
    x, mask = draw(2, 4), np.array([[True, False, True, True], [True, True, False, False]])
    e = np.exp(x) * mask
    for given in ({"call": {"mask": mask}}, {"masks": (mask,)}):
        result = run(layer("Softmax", [x], {}, **given))
        assert close(result.outputs[0], e / e.sum(-1, keepdims=True)), given


def test_embedding_makes_a_mask_and_has_no_input_gradient(ask, run) -> None:
    table, ids, c = draw(4, 3), np.array([[0, 1, 3], [3, 0, 0]], np.int32), draw(2, 3, 3)
    config = {"input_dim": 4, "output_dim": 3, "mask_zero": True}
    case = layer("Embedding", [ids], config, {"embeddings": table}, cotangents=(c,))
    result = run(case)
    assert np.array_equal(result.outputs[0], table[ids])
    assert np.array_equal(result.masks[0], ids != 0)
    gradients = ask(case, "gradients")
    want = np.zeros_like(table)
    np.add.at(want, ids, c)
    assert gradients.inputs == (None,)
    assert close(gradients.weights["embeddings"], want)


def test_add_joins_the_masks_of_its_inputs(run) -> None:
    a, b = draw(2, 3, 4), draw(2, 3, 4)
    m = np.array([[True, False, True], [False, False, True]])
    result = run(layer("Add", [a, b], {}, masks=(m, ~m)))
    assert close(result.outputs[0], a + b)
    assert np.array_equal(result.masks[0], np.ones((2, 3), bool))
    assert run(layer("Add", [a, b], {})).masks == (None,)


def test_gelu_and_its_gradient(ask, run) -> None:
    x, c = draw(3, 5), draw(3, 5)
    case = Case("activations.gelu", {}, steps=(Step("call", (x,)),), cotangents=(c,))
    cdf = np.array([[0.5 * math.erfc(-v / math.sqrt(2)) for v in row] for row in x])
    assert close(run(case).outputs[0], x * cdf)
    density = np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    assert close(ask(case, "gradients").inputs[0], c * (cdf + x * density))


def test_l2_and_max_norm(ask, run) -> None:
    x, one = draw(4, 3), np.ones((), np.float32)
    case = Case("regularizers.L2", {"l2": 0.25}, steps=(Step("call", (x,)),), cotangents=(one,))
    assert close(run(case).outputs[0], 0.25 * (x**2).sum())
    assert close(ask(case, "gradients").inputs[0], 0.5 * x)
    case = Case("constraints.MaxNorm", {"max_value": 1.0, "axis": 0}, steps=(Step("call", (x,)),))
    norms = np.sqrt((x**2).sum(0, keepdims=True))
    assert (norms > 1).any()
    assert close(run(case).outputs[0], x * np.minimum(norms, 1) / norms)


def test_batch_normalization_updates_its_state(run) -> None:
    x = draw(6, 3)
    roles = ("gamma", "beta", "moving_mean", "moving_variance")
    w = {role: np.abs(draw(3)) for role in roles}
    case = layer("BatchNormalization", [x], {"momentum": 0.75}, w, call={"training": True})
    result = run(case)
    mean, variance = x.mean(0), x.var(0)
    want = w["gamma"] * (x - mean) / np.sqrt(variance + 1e-3) + w["beta"]
    assert close(result.outputs[0], want)
    assert close(result.state["moving_mean"], 0.75 * w["moving_mean"] + 0.25 * mean)
    assert close(result.state["moving_variance"], 0.75 * w["moving_variance"] + 0.25 * variance)


@pytest.mark.parametrize("implicit", [True, False])
def test_gru_skips_masked_steps(run, implicit) -> None:
    x, u = draw(2, 4, 3), 2
    w = {"kernel": draw(3, 6), "recurrent_kernel": draw(u, 6), "bias": draw(2, 6)}
    mask = np.array([[True, False, True, True], [True, True, False, False]])
    h = np.zeros((2, u)) if implicit else draw(2, u)
    given = {"masks": (mask,)} if implicit else {"call": {"mask": mask, "initial_state": h}}
    got = run(layer("GRU", [x], {"units": u}, w, **given)).outputs[0]
    for t in range(4):
        xz, xr, xn = np.split(x[:, t] @ w["kernel"] + w["bias"][0], 3, -1)
        hz, hr, hn = np.split(h @ w["recurrent_kernel"] + w["bias"][1], 3, -1)
        z, r = 1 / (1 + np.exp(-xz - hz)), 1 / (1 + np.exp(-xr - hr))
        new = z * h + (1 - z) * np.tanh(xn + r * hn)
        h = np.where(mask[:, t, None], new, h)
    assert close(got, h)


def test_a_stateful_layer_goes_on_until_it_is_reset(ask) -> None:
    x = draw(2, 3, 2)
    w = {"kernel": draw(2, 2), "recurrent_kernel": draw(2, 2), "bias": draw(2)}
    call = Step("call", (x,))
    steps = (Step("build", (x,)), call, call, Step("reset_state"), call)
    answer = ask(Case("layers.SimpleRNN", {"units": 2, "stateful": True}, w, steps), "forward")
    first, second, third = (r.outputs[0] for r in answer.results)
    assert np.array_equal(first, third)
    assert not close(first, second, 1e-3)
    assert np.array_equal(answer.results[1].state["state/0"], second)


def test_what_this_keras_lacks_is_not_supported(ask) -> None:
    x = draw(2, 3)
    for case in (
        layer("Denser", [x], {"units": 3}),
        layer("Dense", [x], {"units": 3, "colour": "red"}),
        layer("Dense", [x], {"units": 3}, call={"colour": "red"}),
    ):
        answer = ask(case, "forward")
        assert isinstance(answer, Unsupported), answer
        assert "not in Keras" in answer.reason


def test_wrong_weights_are_an_error_not_a_guess(ask) -> None:
    x = draw(2, 3)
    case = layer("Dense", [x], {"units": 3}, {"bias": draw(3), "kernel": draw(3, 3)})
    answer = ask(case, "forward")
    assert isinstance(answer, Raised)
    assert "documented are" in answer.message
