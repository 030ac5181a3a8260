"""Identifiers: every documented string, and everything else that an argument may be."""

import numpy as np
import pytest

from layerproof.reference import constraints, identifiers, initializers, regularizers

STRINGS = {
    "regularizer": {
        "l1": regularizers.L1(0.01),
        "l2": regularizers.L2(0.01),
        "l1_l2": regularizers.L1L2(0.01, 0.01),
        "orthogonal_regularizer": regularizers.OrthogonalRegularizer(0.01, "rows"),
        "L1": regularizers.L1(),
        "L2": regularizers.L2(),
        "L1L2": regularizers.L1L2(0.01, 0.01),
        "OrthogonalRegularizer": regularizers.OrthogonalRegularizer(),
    },
    "constraint": {
        "max_norm": constraints.MaxNorm(2, 0),
        "min_max_norm": constraints.MinMaxNorm(0.0, 1.0, 1.0, 0),
        "non_neg": constraints.NonNeg(),
        "unit_norm": constraints.UnitNorm(0),
        "MaxNorm": constraints.MaxNorm(),
        "MinMaxNorm": constraints.MinMaxNorm(),
        "NonNeg": constraints.NonNeg(),
        "UnitNorm": constraints.UnitNorm(),
    },
    "initializer": {
        "zeros": initializers.Zeros(),
        "Zeros": initializers.Zeros(),
        "ones": initializers.Ones(),
        "constant": initializers.Constant(0.0),
        "identity": initializers.IdentityInitializer(1.0),
        "Identity": initializers.IdentityInitializer(),
        "IdentityInitializer": initializers.IdentityInitializer(),
        "random_normal": initializers.RandomNormal(0.0, 0.05),
        "normal": initializers.RandomNormal(),
        "random_uniform": initializers.RandomUniform(-0.05, 0.05),
        "uniform": initializers.RandomUniform(),
        "truncated_normal": initializers.TruncatedNormal(0.0, 0.05),
        "orthogonal": initializers.Orthogonal(1.0),
        "OrthogonalInitializer": initializers.Orthogonal(),
    },
}

SCALINGS = {
    "variance_scaling": "VarianceScaling",
    "glorot_normal": "GlorotNormal",
    "glorot_uniform": "GlorotUniform",
    "he_normal": "HeNormal",
    "he_uniform": "HeUniform",
    "lecun_normal": "LecunNormal",
    "lecun_uniform": "LecunUniform",
}

KINDS = {"regularizer": regularizers, "constraint": constraints, "initializer": initializers}


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in STRINGS.items() for name in names]
)
def test_strings(kind: str, name: str) -> None:
    assert getattr(identifiers, kind)(name) == STRINGS[kind][name]


@pytest.mark.parametrize(("snake", "name"), SCALINGS.items())
def test_variance_scalings(snake: str, name: str) -> None:
    cls = getattr(initializers, name)
    assert type(identifiers.initializer(snake)) is cls
    assert type(identifiers.initializer(name)) is cls


def test_every_initializer_has_a_string_here() -> None:
    found = {type(value).__name__ for value in STRINGS["initializer"].values()}
    assert found | set(SCALINGS.values()) == set(initializers.__all__)


@pytest.mark.parametrize("kind", KINDS)
def test_none_callables_classes_and_descriptions(kind: str) -> None:
    resolve = getattr(identifiers, kind)
    assert resolve(None) is None
    assert resolve(abs) is abs
    cls = getattr(
        KINDS[kind], {"regularizer": "L2", "constraint": "UnitNorm"}.get(kind, "Constant")
    )
    assert resolve(cls) == cls()
    assert resolve(cls()) == cls()
    argument = next(iter(cls.__dataclass_fields__))
    assert resolve({"class_name": cls.__name__, "config": {argument: 3}}) == cls(3)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("wrong", ["nothing", "", 3, {"class_name": "Nothing", "config": {}}])
def test_what_names_nothing(kind: str, wrong: object) -> None:
    with pytest.raises(ValueError, match=r"nothing|''|3|Nothing"):
        getattr(identifiers, kind)(wrong)


def test_an_array_is_an_initializer_for_its_shape() -> None:
    values = np.arange(6.0).reshape(2, 3)
    initializer = identifiers.initializer(values)
    assert initializer((2, 3)) is values
    with pytest.raises(ValueError, match=r"\(3, 2\)"):
        initializer((3, 2))
