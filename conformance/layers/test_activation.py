"""Activation: how to draw a case; formulas, kinks and readings are those of its function."""

import msgspec
from hypothesis import strategies as st

from layerproof.conformance.draw import SEEDS, families, floats, layer_case, masks, shapes
from layerproof.conformance.draw.vectors import palette
from layerproof.conformance.program import Program
from layerproof.conformance.spec import every_property
from layerproof.conformance.specs import all_specs
from layerproof.conformance.symmetries import BATCH_INDEPENDENT
from layerproof.reference import activations, identifiers

ITEM = "layers.Activation"

NAMES = st.sampled_from([*activations.__all__, *identifiers.ACTIVATION_ALIASES])

CALLABLES = st.sampled_from(
    [
        {"$fn": "double"},
        {"$fn": "square"},
        {"$item": "activations.gelu"},
        {"$item": "activations.relu"},
    ]
)


@st.composite
def cases(draw, dtype):
    shape, family = draw(palette(ranks=(2, 3, 4))), draw(families())
    x = floats(family, shape, dtype, draw(SEEDS))
    mask = draw(st.none() | masks(shape[:2]))
    config = {"activation": draw(CALLABLES if draw(st.integers(0, 3)) == 3 else NAMES)}
    return draw(layer_case(ITEM, config, [x], dtype, family=family, masks=[mask]))


@st.composite
def invalid(draw, dtype):
    name = draw(st.sampled_from(["rely", "Softmax1", "no_such_activation", "glu_"]))
    x = floats("normal", draw(shapes(2, 2)), dtype, draw(SEEDS))
    return draw(layer_case(ITEM, {"activation": name}, [x], dtype))


def of_the_function(declaration):
    """What the conformance file of the case's activation declares, for this case."""

    def declared(program):
        given = program.case.config["activation"]
        if isinstance(given, dict) and "$fn" in given:
            return {}
        name = given["$item"] if isinstance(given, dict) else _item(given)
        found = getattr(all_specs()[name], declaration)
        inner = msgspec.structs.replace(program.case, item=name, config={})
        return found(Program(inner)) if found else {}

    return declared


def _item(name):
    return f"activations.{identifiers.ACTIVATION_ALIASES.get(name, name)}"


test_activation = every_property(
    ITEM,
    cases,
    invalid=invalid,
    exact=True,
    kinks=of_the_function("kinks"),
    alternates=of_the_function("alternates"),
    readings=of_the_function("readings"),
    laws=(BATCH_INDEPENDENT,),
    without={"weights": "it has none"},
)
