"""The oracle as an adapter: in the case's dtype, differentiated exactly, and mutated."""

from typing import Any

import numpy as np
import pytest

from layerproof.adapters.answering import NotSupported, answer
from layerproof.adapters.forward_mode import gradients
from layerproof.adapters.mutants import Mutant, everything
from layerproof.adapters.protocol import FUNCTIONS, Case, Step, Unsupported
from layerproof.adapters.reference import Adapter
from layerproof.adapters.rounding import Rounded
from layerproof.reference import CATALOGUE, activations, oracle

RNG = np.random.default_rng(5)
A, B, P = RNG.normal(size=(2, 3)), RNG.normal(size=3), RNG.uniform(0.5, 2.0, (2, 3))
W = RNG.normal(size=(3, 4))

X = np.array([[1.0, -2.0, 0.5], [3.0, 4.0, -5.0]])
TABLE = np.array([[0.25, 1.0], [-2.0, 3.0], [0.5, -0.125]])

LAYERS: list[tuple[str, dict[str, Any], dict[str, np.ndarray]]] = [
    *((f"activations.{name}", {}, {}) for name in activations.__all__),
    ("activations.relu", {"negative_slope": 0.25, "threshold": 0.75, "max_value": 3.5}, {}),
    ("activations.gelu", {"approximate": True}, {}),
    ("layers.Dense", {"units": 2, "activation": "tanh"}, {"kernel": TABLE, "bias": B[:2]}),
    ("layers.PReLU", {}, {"alpha": B}),
    ("layers.Softmax", {"axis": 0}, {}),
    ("layers.ReLU", {"max_value": 3.5, "negative_slope": 0.1}, {}),
    ("layers.Reshape", {"target_shape": [3, 1]}, {}),
    ("layers.RepeatVector", {"n": 2}, {}),
    ("layers.Lambda", {"function": {"$fn": "square"}}, {}),
    ("regularizers.L1L2", {"l1": 0.5, "l2": 0.25}, {}),
    ("constraints.UnitNorm", {"axis": 1}, {}),
]


def case_of(
    item: str, config: dict[str, Any], weights: dict[str, np.ndarray], dtype: str = "float64"
) -> Case:
    """The item on X, with cotangents."""
    inputs = (X.astype(dtype),)
    weights = {role: w.astype(dtype) for role, w in weights.items()}
    y = np.asarray(oracle(item, config, FUNCTIONS)(weights, X))
    cotangent = (np.arange(y.size).reshape(y.shape) - 1.5).astype(dtype)
    steps = (Step("build", inputs), Step("call", inputs))
    return Case(item, config, weights, steps, dtype, (cotangent,))


# ---- values --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("item", "config", "weights"), LAYERS)
@pytest.mark.parametrize(
    ("dtype", "u"), [("float32", 2**-24), ("float16", 2**-11), ("bfloat16", 2**-8)]
)
def test_values_are_the_oracles_to_within_roundings(
    item: str, config: dict, weights: dict, dtype: str, u: float
) -> None:
    case = case_of(item, config, weights, dtype)
    wide = {role: w.astype(np.float64) for role, w in case.weights.items()}
    exact = np.asarray(oracle(item, config, FUNCTIONS)(wide, case.steps[0].inputs[0].astype(float)))
    for mode, steps in (("dtype", 40), ("float64", 1.01)):
        result = Adapter(mode).forward(case).results[0].outputs[0]
        assert result.dtype == np.dtype(dtype)
        scale = np.abs(exact) if mode == "float64" else np.maximum(np.abs(exact), 0.1)
        tiny = float(np.finfo(np.float16).smallest_subnormal) if dtype == "float16" else 1e-38
        assert (np.abs(result.astype(float) - exact) <= steps * u * scale + tiny).all()


def test_half_precision_rounds_on_the_way() -> None:
    """(1 + 2^-11) - 1 is 0 in float16: the sum has no room for the small part."""
    x = Rounded.of([1.0], np.dtype("float16"))
    assert ((x + 2.0**-11) - 1.0)[0] == 0.0
    assert ((x + 2.0**-10) - 1.0)[0] == 2.0**-10
    assert type(np.where(x > 0, x, 0.0)) is Rounded
    assert np.concatenate([x, x * (1 + 2**-9 / 3)]).mean() == np.float16(1.0)
    assert isinstance((x > 0.0), np.ndarray)


# ---- gradients -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("item", "config", "weights"), LAYERS)
def test_gradients_are_those_of_differences(item: str, config: dict, weights: dict) -> None:
    case = case_of(item, config, weights)
    made = oracle(item, config, FUNCTIONS)
    found = Adapter().gradients(case)

    def loss(x: np.ndarray, w: dict[str, np.ndarray]) -> float:
        return float((case.cotangents[0] * made(w, x)).sum())

    assert np.allclose(found.inputs[0], differences(lambda x: loss(x, case.weights), X), atol=1e-7)
    for role, value in case.weights.items():
        want = differences(lambda v, r=role: loss(X, {**case.weights, r: v}), value)
        assert np.allclose(found.weights[role], want, atol=1e-7)


def differences(f: Any, x: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """Central differences of a scalar function."""
    steps = np.eye(x.size).reshape(-1, *x.shape) * h
    return np.array([(f(x + step) - f(x - step)) / (2 * h) for step in steps]).reshape(x.shape)


FORMULAS = {
    "broadcasting": lambda a, b, p, w: np.tanh(a * b) + np.exp(b) / p - 2.0 * a,
    "constants on the left": lambda a, b, p, w: 3.0 / p + (1.0 - p) * np.array([1.0, 2.0, 3.0]),
    "powers": lambda a, b, p, w: p**a + a**2 + np.square(b) + np.sqrt(p) + np.reciprocal(p),
    "logarithms": lambda a, b, p, w: np.log(p) + np.log1p(p) + np.expm1(b) + np.logaddexp(a, b),
    "circle": lambda a, b, p, w: np.sin(a) * np.cos(b) + np.arctan(p),
    "choices": lambda a, b, p, w: np.maximum(a, b) + np.minimum(p, 1.0) + np.clip(a, -0.3, 0.4),
    "where": lambda a, b, p, w: np.where(a > 0, a * b, 2.0) + np.where(b > 0, 1.0, p),
    "matmul": lambda a, b, p, w: np.tanh(a @ w) + (p @ w),
    "einsum": lambda a, b, p, w: np.einsum("ij,jk,j->ik", a, w, b) + np.tensordot(p, w, axes=1),
    "sums": lambda a, b, p, w: a.sum(1, keepdims=True) * p.mean(0) + np.mean(b) + np.sum(w),
    "sum of some": lambda a, b, p, w: a.sum(1, where=P > 1) + p.mean(1, where=B.min() < B),
    "extremes": lambda a, b, p, w: a.max(1, keepdims=True) * b + np.min(p, axis=0) - w.max(),
    "joined": lambda a, b, p, w: np.concatenate([a, np.ones((1, 3)), b[None]]) ** 2,
    "stacked": lambda a, b, p, w: np.stack([a, a * p], axis=1)[:, 1, ::-1] * b,
    "split": lambda a, b, p, w: np.split(a * p, 3, axis=-1)[1] * b,
    "padded": lambda a, b, p, w: np.pad(a, [(1, 0), (0, 2)], constant_values=5.0) ** 2,
    "windows": lambda a, b, p, w: np.lib.stride_tricks.sliding_window_view(a, 2, axis=1) ** 2,
    "moved": lambda a, b, p, w: (
        np.moveaxis(np.repeat(a.T, 2, axis=0), 0, -1) * a.reshape(2, 3)[:, :1]
    ),
    "taken": lambda a, b, p, w: np.take(a, [0, 2, 2], axis=1) + p[:, [1, 1, 0]] + a[:, None, 0],
    "flipped": lambda a, b, p, w: np.flip(a, 1) * np.roll(p, 1, 1) + np.broadcast_to(b, (2, 3)),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_rules_of_differentiation(name: str) -> None:
    values = {"a": A, "b": B, "p": P, "w": W}
    formula = FORMULAS[name]
    y = formula(**values)
    c = RNG.normal(size=y.shape)
    found = gradients(lambda duals: (formula(**duals),), values, (c,))
    for key, value in values.items():
        want = differences(lambda v, k=key: float((c * formula(**{**values, k: v})).sum()), value)
        assert np.allclose(found[key], want, atol=1e-7), key


def test_more_elements_than_directions_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layerproof.adapters.forward_mode.CHUNK", 4)
    found = gradients(lambda d: (d["a"] * d["b"],), {"a": A, "b": B}, (P,))
    assert np.allclose(found["a"], P * B)
    assert np.allclose(found["b"], (P * A).sum(0))


@pytest.mark.parametrize(
    "formula",
    [lambda a: np.hypot(a, a), np.cumsum, np.multiply.reduce,
     np.sort, lambda a: np.add(a, a, where=A > 0)],
)  # fmt: skip
def test_what_has_no_rule_is_refused(formula: Any) -> None:
    with pytest.raises(NotSupported, match="no derivative"):
        gradients(lambda d: (formula(d["a"]),), {"a": A}, (A,))


def test_an_infinite_slope_that_is_not_taken_leaves_no_nan() -> None:
    found = gradients(
        lambda d: (np.where(d["x"] > 0, np.log(d["x"] * (X > 0)), 0.0),),
        {"x": X},
        (np.ones(X.shape),),
    )
    assert np.array_equal(found["x"], np.where(X > 0, 1 / X, 0.0))


# ---- the other aspects ---------------------------------------------------------------------------

EMBEDDING = Case(
    "layers.Embedding",
    {"input_dim": 3, "output_dim": 2, "mask_zero": True, "embeddings_constraint": "non_neg"},
    {"embeddings": TABLE.astype(np.float32)},
    (Step("call", (np.array([[2, 0, 2]]),)),),
    "float32",
    (np.ones((1, 3, 2), np.float32),),
)


def test_the_aspects_of_a_layer() -> None:
    asked = ("forward", "gradients", "shape", "config", "weights", "initial", "constraint", "save")
    answers = answer(Adapter(), EMBEDDING, asked).answers
    forward = answers["forward"].results[0]
    assert np.array_equal(forward.outputs[0], TABLE[[[2, 0, 2]]])
    assert np.array_equal(forward.masks[0], [[True, False, True]])
    assert answers["gradients"].inputs == (None,)
    counts = np.array([[1, 1], [0, 0], [2, 2]])
    assert np.array_equal(answers["gradients"].weights["embeddings"], counts)
    stepped = answers["constraint"].weights["embeddings"]
    assert np.array_equal(stepped, np.maximum(TABLE - 0.5 * counts, 0.0))
    assert answers["shape"].batchless[0].shape == (None, 3, 2)
    assert answers["config"].config["embeddings_initializer"] == "uniform"
    assert answers["config"].config | EMBEDDING.config == answers["config"].config
    assert [w.shape for w in answers["weights"].weights] == [(3, 2)]
    first, second = (getattr(answers["initial"], n)["embeddings"] for n in ("first", "second"))
    assert first.shape == (3, 2)
    assert not np.array_equal(first, second)
    assert isinstance(answers["save"], Unsupported)


def test_losses_and_the_mask_that_an_input_carries() -> None:
    dense = Case(
        "layers.Dense",
        {"units": 2, "kernel_regularizer": "l2", "activity_regularizer": "l1"},
        {"kernel": TABLE, "bias": B[:2]},
        (Step("call", (X,), (np.array([True, False]),)),),
        "float64",
    )
    result = Adapter().forward(dense).results[0]
    y = X @ TABLE + B[:2]
    assert np.allclose(result.losses, [0.01 * (TABLE**2).sum(), 0.01 * np.abs(y).sum() / 2])
    assert np.array_equal(result.masks[0], [True, False])

    masked = Case("layers.Softmax", steps=(Step("call", (X,), (X > 0,)),), dtype="float64")
    assert not Adapter().forward(masked).results[0].outputs[0][X < 0].any()


def test_what_the_reference_refuses() -> None:
    def asked(item: str, **config: Any) -> Any:
        case = Case(item, config, steps=(Step("call", (X,)),), dtype="float64")
        return answer(Adapter(), case, ("invalid",)).answers["invalid"]

    assert asked("layers.Dense", units=-1).kind == "ValueError"
    assert "lora_rank" in asked("layers.Dense", units=1, lora_rank=2).reason
    assert "layers.Nonsense" in asked("layers.Nonsense").reason
    assert type(asked("layers.Identity")).__name__ == "Accepted"


# ---- mutants -------------------------------------------------------------------------------------


def test_a_mutant_changes_its_item_only_and_only_for_a_while() -> None:
    genuine = dict(CATALOGUE)
    mutant = Adapter("float64", {"regularizers.L2": lambda l2=0.01: lambda x: 7.0 * (x**2).sum()})
    case = Case(
        "regularizers.L2", steps=(Step("call", (X,)),), dtype="float64", cotangents=(A[0, 0],)
    )
    nested = Case(
        "layers.Dense",
        {"units": 2, "kernel_regularizer": {"$item": "regularizers.L2", "config": {}}},
        {"kernel": TABLE, "bias": B[:2]},
        (Step("call", (X,)),),
        "float64",
    )
    assert mutant.forward(case).results[0].outputs[0] == pytest.approx(7.0 * (X**2).sum())
    assert mutant.forward(nested).results[0].losses[0] == pytest.approx(7.0 * (TABLE**2).sum())
    assert np.allclose(mutant.gradients(case).inputs[0], 14.0 * X * A[0, 0])
    assert genuine == CATALOGUE
    assert Adapter().forward(case).results[0].outputs[0] == pytest.approx(0.01 * (X**2).sum())


@pytest.mark.parametrize("name", everything())
def test_a_mutant_is_of_a_known_item_and_says_what_it_is(name: str) -> None:
    mutant: Mutant = everything()[name]
    assert mutant.item in CATALOGUE
    assert mutant.change is not CATALOGUE[mutant.item]
    assert name.startswith(mutant.item.split(".")[0])
    assert mutant.what
    assert "\n" not in mutant.what
