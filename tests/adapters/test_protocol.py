"""A document means the same on every machine, and a damaged one is refused in one line."""

import json
from typing import Any

import ml_dtypes
import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layerproof.adapters.protocol import (
    ASPECTS,
    DTYPES,
    Accepted,
    Answer,
    Case,
    Compiled,
    ConfigTrip,
    Forward,
    Gradients,
    Initial,
    Lost,
    Mixed,
    Outcome,
    Raised,
    Reloaded,
    Result,
    Samples,
    Shapes,
    Signature,
    Step,
    Stepped,
    Unsupported,
    Weight,
    WeightList,
    decode,
    digest,
    encode,
    one_line,
)


def case_with(array: np.ndarray) -> Case:
    return Case("layers.Dense", weights={"kernel": array})


def returned(array: np.ndarray) -> np.ndarray:
    """The array after a trip through JSON."""
    return decode(encode(case_with(array)), Case).weights["kernel"]


def all_bits(dtype: str, seed: int = 0) -> np.ndarray:
    """Random bytes: every kind of value, NaN payloads and signalling NaN included."""
    size = np.dtype(dtype).itemsize
    bits = np.random.default_rng(seed).integers(0, 2 if dtype == "bool" else 256, 64 * size)
    return np.frombuffer(bits.astype(np.uint8).tobytes(), dtype).reshape(4, 16)


# ---- arrays --------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", DTYPES)
def test_arrays_return_bit_for_bit(dtype: str) -> None:
    array = all_bits(dtype)
    back = returned(array)
    assert back.dtype == array.dtype
    assert back.shape == array.shape
    assert back.tobytes() == array.tobytes()
    assert not back.flags.writeable


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16"])
def test_special_values_return_bit_for_bit(dtype: str) -> None:
    array = np.array([-0.0, np.inf, -np.inf, np.nan, 1e-40, 1.0]).astype(dtype)
    assert returned(array).tobytes() == array.tobytes()


@pytest.mark.parametrize("bits", [0x7FA00001, 0xFFC12345, 0x7F800001])
def test_nan_payloads_survive(bits: int) -> None:
    array = np.array([bits], np.uint32).view(np.float32)
    assert returned(array).view(np.uint32)[0] == bits


@pytest.mark.parametrize("shape", [(), (0,), (1,), (3, 0, 2), (1, 1, 1, 1)])
def test_shapes_return(shape: tuple[int, ...]) -> None:
    assert returned(np.ones(shape, np.float32)).shape == shape


def test_layout_in_memory_does_not_matter() -> None:
    array = np.arange(12, dtype=np.float32).reshape(3, 4)
    for other in (np.asfortranarray(array), array[::1, ::1], np.repeat(array, 2, 1)[:, ::2]):
        assert encode(case_with(other)) == encode(case_with(array))


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "int64", "uint16"])
def test_order_of_bytes_does_not_matter(dtype: str) -> None:
    """An array as a big-endian machine holds it gives the same document and the same array."""
    array = all_bits(dtype)
    foreign = array.astype(array.dtype.newbyteorder(">"))
    assert foreign.tobytes() != array.tobytes()
    assert encode(case_with(foreign)) == encode(case_with(array))
    back = returned(foreign)
    assert back.dtype.isnative
    assert back.tobytes() == array.tobytes()


def test_the_bytes_in_a_document_are_little_endian() -> None:
    document = json.loads(encode(case_with(np.array([1.0, -2.0], np.float32))))
    assert document["weights"]["kernel"] == {
        "$array": {"dtype": "float32", "shape": [2], "hex": "0000803f000000c0"}
    }
    bfloat16 = np.array([1.0], ml_dtypes.bfloat16)
    assert json.loads(encode(case_with(bfloat16)))["weights"]["kernel"]["$array"]["hex"] == "803f"


@pytest.mark.parametrize(
    "array",
    [
        np.array([["a", "ä\n", ""], ["日本", "\x00", '"']]),
        np.array(["a", b"\xc3\xa4"], object),
        np.array([b"bytes"]),
        np.array("alone", object),
    ],
)
def test_strings_are_utf8(array: np.ndarray) -> None:
    back = returned(array)
    texts = [s.decode() if isinstance(s, bytes) else str(s) for s in array.ravel()]
    assert back.dtype == object
    assert back.shape == array.shape
    assert back.ravel().tolist() == texts


@pytest.mark.parametrize(
    "array",
    [
        np.ones(1, np.complex64),
        np.array([None], object),
        np.array(["2020-01-01"], "datetime64[D]"),
        np.ones(1, ml_dtypes.float8_e5m2),
    ],
)
def test_arrays_without_a_place_are_refused_on_writing(array: np.ndarray) -> None:
    with pytest.raises(TypeError, match="has no place in a document"):
        encode(case_with(array))


# ---- values inside config and call ---------------------------------------------------------------

ARRAYS = st.sampled_from([all_bits(d, s) for d in DTYPES for s in range(2)])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | ARRAYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc$", max_size=3), inner),
    max_leaves=8,
)


def same(a: Any, b: Any) -> bool:
    """Equal to the last bit, with the same types."""
    match a, b:
        case np.ndarray(), np.ndarray():
            return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
        case float(), float():
            return np.isnan(a) == np.isnan(b) and str(a) == str(b)
        case list(), list():
            return len(a) == len(b) and all(map(same, a, b))
        case dict(), dict():
            return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    return type(a) is type(b) and a == b


@given(config=st.dictionaries(st.text(max_size=4), VALUES, max_size=3))
@settings(max_examples=100, database=None, deadline=None)
def test_any_configuration_returns(config: dict[str, Any]) -> None:
    case = Case("layers.Dense", {"outer": config}, steps=(Step("call", call=config),))
    back = decode(encode(case), Case)
    assert same(back.config, case.config)
    assert same(back.steps[0].call, config)
    assert encode(back) == encode(case)


@pytest.mark.parametrize(
    "value",
    [float("inf"), float("-inf"), np.float32("inf"), ml_dtypes.bfloat16("inf"), np.float64("-inf")],
)
def test_infinities_in_a_configuration_stay(value: float) -> None:
    back = decode(encode(Case("x", {"max_value": value, "pair": (1, value)})), Case)
    assert back.config == {"max_value": float(value), "pair": [1, float(value)]}


def test_scalars_of_numpy_become_plain() -> None:
    config = {"a": np.float32(0.5), "b": np.int64(3), "c": np.bool_(1), "d": np.float64(-0.0)}
    back = decode(encode(Case("x", config)), Case).config
    assert str(back) == "{'a': 0.5, 'b': 3, 'c': True, 'd': -0.0}"


def test_what_has_no_place_is_refused_on_writing() -> None:
    with pytest.raises(TypeError, match="function has no place in a document"):
        encode(Case("x", {"f": one_line}))


# ---- whole documents -----------------------------------------------------------------------------

X, M = np.array([[1.5, -0.0]], np.float32), np.array([True, False])

ANSWERS: dict[str, Answer] = {
    "forward": Forward((Result((X, X), (None, M), (np.array(0.5),), {"cell/mean": X}), Result(()))),
    "gradients": Gradients((X, None), {"kernel": X}),
    "shape": Shapes(((1, None),), (Signature((None, 2), "float32"),), ()),
    "config": ConfigTrip({"units": 3, "kernel": X, "limit": float("inf")}, ("name",), (X,)),
    "weights": WeightList(
        (Weight("kernel", "dense/kernel", (1, 2), "float32", trainable=True),), {"k": X}
    ),
    "initial": Initial({"kernel": X}, {"kernel": X}),
    "constraint": Stepped({"kernel": X}),
    "save": Reloaded((X,), (X,)),
    "compiled": Compiled({"jit": (X,)}),
    "mixed": Mixed((X,), {"kernel": "float32"}),
    "sample": Samples((X,)),
    "invalid": Accepted(),
}


@pytest.mark.parametrize("answer", [*ANSWERS.values(), Raised("E", ("B",), "m"), Unsupported("no")])
def test_every_answer_returns(answer: Answer) -> None:
    outcome = Outcome({"any": answer}, 0.25)
    back = decode(encode(outcome), Outcome)
    assert type(back.answers["any"]) is type(answer)
    assert encode(back) == encode(outcome)


def test_every_aspect_has_an_answer_here() -> None:
    assert tuple(ANSWERS) == ASPECTS


def test_lost_returns() -> None:
    assert (
        decode(encode(Outcome({"a": Lost("timeout", "d")})), Outcome).answers["a"].how == "timeout"
    )


def full_case() -> Case:
    steps = (
        Step("build", (X,)),
        Step("call", (X, np.array([1, 2])), (None, M), {"training": True, "mask": M}),
        *(Step(do) for do in ("reset_state", "save_and_load")),
        Step("adapt", (np.array(["a", "b"], object),)),
    )
    nested = {"$item": "layers.LSTMCell", "config": {"units": 2, "activation": {"$fn": "double"}}}
    return Case("layers.RNN", {"cell": nested}, {"cell/kernel": X}, steps, "bfloat16", (X,), "iota")


def test_a_case_returns_and_keeps_its_name() -> None:
    case = full_case()
    back = decode(encode(case), Case)
    assert encode(back) == encode(case)
    assert b"\n" not in encode(case)
    assert digest(back) == digest(case)
    assert digest(case) == "cfa32df9c5c7f2a0"
    assert [step.do for step in back.calls] == ["call"]
    assert digest(msgspec.structs.replace(case, dtype="float16")) != digest(case)
