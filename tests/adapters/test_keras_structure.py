"""What the Keras adapter says about form: shapes, configuration, variables, files, compilation."""

import ml_dtypes
import numpy as np
import pytest

from layerproof.adapters.protocol import (
    Accepted,
    Case,
    Compiled,
    ConfigTrip,
    Initial,
    Mixed,
    Raised,
    Reloaded,
    Shapes,
    Signature,
    Step,
    Stepped,
    Unsupported,
    WeightList,
)

RNG = np.random.default_rng(11)
X = RNG.normal(size=(2, 4)).astype(np.float32)
KERNEL = RNG.normal(size=(4, 3)).astype(np.float32)
BIAS = RNG.normal(size=3).astype(np.float32)
COTANGENT = RNG.normal(size=(2, 3)).astype(np.float32)


def dense(cast: object = np.float32, **config: object) -> Case:
    x, kernel, bias, c = (a.astype(cast) for a in (X, KERNEL, BIAS, COTANGENT))
    steps = (Step("build", (x,)), Step("call", (x,)))
    weights = {"kernel": kernel, "bias": bias}
    return Case("layers.Dense", {"units": 3} | config, weights, steps, x.dtype.name, (c,))


def close(got: np.ndarray, want: np.ndarray) -> bool:
    return got.shape == want.shape and np.allclose(got, want, rtol=1e-5, atol=1e-6)


def test_shapes_with_and_without_batch(ask) -> None:
    answer = ask(dense(), "shape")
    assert isinstance(answer, Shapes), answer
    assert answer.computed == ((2, 3),)
    assert answer.symbolic == (Signature((2, 3), "float32"),)
    assert answer.batchless == (Signature((None, 3), "float32"),)


def test_config_comes_back_in_the_language_of_cases(ask) -> None:
    max_norm = {"$item": "constraints.MaxNorm", "config": {"max_value": 1.5, "axis": 0}}
    answer = ask(dense(kernel_constraint=max_norm, activation="tanh"), "config")
    assert isinstance(answer, ConfigTrip), answer
    assert answer.config["kernel_constraint"] == max_norm
    assert answer.config["activation"] == "tanh"
    assert answer.config["units"] == 3
    assert answer.config["dtype"] == "float32"
    assert close(answer.outputs[0], np.tanh(X @ KERNEL + BIAS))


def test_a_function_keeps_its_name(ask) -> None:
    config = {
        "function": {"$fn": "scale_shift"},
        "arguments": {"scale": 3.0, "shift": 1.0},
        "output_shape": [4],
    }
    case = Case("layers.Lambda", config, steps=(Step("call", (X,)),))
    answer = ask(case, "config")
    assert isinstance(answer, ConfigTrip), answer
    assert answer.config["function"] == {"$fn": "scale_shift"}
    assert close(answer.outputs[0], 3 * X + 1)
    saved = ask(case, "save")
    assert isinstance(saved, Reloaded), saved
    assert np.array_equal(saved.after[0], saved.before[0])


def test_weights_by_role(ask) -> None:
    answer = ask(dense(), "weights")
    assert isinstance(answer, WeightList), answer
    assert [(w.role, w.path, w.shape) for w in answer.weights] == [
        ("kernel", "dense/kernel", (4, 3)),
        ("bias", "dense/bias", (3,)),
    ]
    assert all(w.trainable and w.dtype == "float32" for w in answer.weights)
    assert np.array_equal(answer.round_trip["kernel"], KERNEL)
    assert answer.frozen == ()


def test_initial_values_are_the_initializers_own(ask) -> None:
    answer = ask(dense(bias_initializer="ones"), "initial")
    assert isinstance(answer, Initial), answer
    assert (answer.first["bias"] == 1).all()
    limit = np.sqrt(6 / 7)
    for kernel in (answer.first["kernel"], answer.second["kernel"]):
        assert (np.abs(kernel) <= limit).all()
        assert np.abs(kernel).max() > limit / 4
    assert not np.array_equal(answer.first["kernel"], answer.second["kernel"])


def test_a_step_of_gradient_descent_keeps_the_constraint(ask) -> None:
    answer = ask(dense(kernel_constraint="non_neg"), "constraint")
    assert isinstance(answer, Stepped), answer
    stepped = KERNEL - 0.5 * X.T @ COTANGENT
    assert (stepped < 0).any()
    assert close(answer.weights["kernel"], np.maximum(stepped, 0))
    assert close(answer.weights["bias"], BIAS - 0.5 * COTANGENT.sum(0))


def test_saving_and_other_ways_of_running(ask, keras_worker) -> None:
    saved = ask(dense(), "save")
    assert isinstance(saved, Reloaded), saved
    assert close(saved.before[0], X @ KERNEL + BIAS)
    assert np.array_equal(saved.before[0], saved.after[0])
    compiled = ask(dense(), "compiled")
    assert isinstance(compiled, Compiled), compiled
    ways = {"tensorflow": {"jit"}, "jax": {"eager"}, "torch": set()}
    assert set(compiled.outputs) == {"functional"} | ways[keras_worker.versions["backend"]]
    for outputs in compiled.outputs.values():
        assert close(outputs[0], X @ KERNEL + BIAS)


def test_masks_reach_a_layer_inside_a_model(ask) -> None:
    x, mask = RNG.normal(size=(2, 3)).astype(np.float32), np.array([[True, True, False]] * 2)
    case = Case("layers.Softmax", steps=(Step("call", (x,), (mask,)),))
    e = np.exp(x) * mask
    for outputs in ask(case, "compiled").outputs.values():
        assert close(outputs[0], e / e.sum(-1, keepdims=True))


def test_mixed_policies_keep_float32_variables(ask) -> None:
    answer = ask(dense(ml_dtypes.bfloat16), "mixed")
    assert isinstance(answer, Mixed), answer
    assert answer.outputs[0].dtype.name == "bfloat16"
    assert answer.variable_dtypes == {"kernel": "float32", "bias": "float32"}
    assert isinstance(ask(dense(), "mixed"), Unsupported)


def test_invalid_arguments_raise_and_valid_ones_do_not(ask) -> None:
    answer = ask(dense(units=-1), "invalid")
    assert isinstance(answer, Raised)
    assert "ValueError" in (answer.kind, *answer.bases)
    assert ask(dense(), "invalid") == Accepted()


def test_saved_and_loaded_on_the_way(ask) -> None:
    case = dense()
    build, call = case.steps
    steps = (build, call, Step("save_and_load"), call)
    answer = ask(Case(case.item, case.config, case.weights, steps), "forward")
    first, second = (r.outputs[0] for r in answer.results)
    assert np.array_equal(first, second)


@pytest.mark.parametrize(
    ("item", "config", "fits"),
    [
        ("layers.InputSpec", {"ndim": 2, "axes": {"-1": 4}}, True),
        ("layers.InputSpec", {"ndim": 3}, False),
        ("layers.Input", {"shape": [4]}, True),
        ("layers.Input", {"shape": [4, 4]}, False),
    ],
)
def test_input_and_input_spec_let_pass_what_fits(ask, item, config, fits) -> None:
    answer = ask(Case(item, config, steps=(Step("call", (X,)),)), "invalid")
    if fits:
        assert answer == Accepted()
    else:
        assert isinstance(answer, Raised)
        assert answer.kind == "ValueError"


def test_equal_cases_have_equal_answers(ask) -> None:
    case = Case(
        "layers.Dropout", {"rate": 0.5}, steps=(Step("call", (X,), call={"training": True}),)
    )
    first, second = (ask(case, "forward").results[0].outputs[0] for _ in range(2))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, X)
