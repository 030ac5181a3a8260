"""Documents damaged in every way one can think of: each is refused with one clear line."""

import json
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layerproof.adapters import documents
from layerproof.adapters.protocol import (
    Case,
    Outcome,
    ProtocolError,
    decode,
    encode,
    one_line,
)


def case_with(array: np.ndarray) -> Case:
    return Case("layers.Dense", weights={"w": array})


def returned(array: np.ndarray) -> np.ndarray:
    return decode(encode(case_with(array)), Case).weights["w"]


def array(**changes: Any) -> dict[str, Any]:
    whole = {"dtype": "float32", "shape": [2], "hex": "0000803f000000c0"} | changes
    return {"$array": {k: v for k, v in whole.items() if v is not None}}


TOO_MANY = [documents.MAX_ELEMENTS + 1]

BAD_ARRAYS = {
    "dtype unknown": array(dtype="complex64"),
    "dtype an object": array(dtype="O"),
    "dtype no string": array(dtype=4),
    "dtype missing": array(dtype=None),
    "shape missing": array(shape=None),
    "shape negative": array(shape=[-2]),
    "shape fractional": array(shape=[2.0]),
    "shape a bool": array(shape=[True, 2]),
    "shape no list": array(shape=2),
    "shape of strings": array(shape=["2"]),
    "shape too small": array(shape=[1]),
    "shape too large": array(shape=[3]),
    "shape beyond the limit": array(shape=TOO_MANY, hex="00"),
    "shape whose product overflows": array(shape=[1 << 32, 1 << 32], hex=""),
    "shape whose product is 0 by overflow": array(shape=[1 << 62, 4], hex=""),
    "shape of huge integers": array(shape=[10**30], hex=""),
    "shape of too many axes": array(shape=[1] * 99, hex="0000803f"),
    "hex odd": array(hex="0000803f000000c"),
    "hex not a multiple": array(hex="0000803f0000"),
    "hex not hex": array(hex="0000803f000000zz"),
    "hex with blanks": array(hex="0000803f 000000c0"),
    "hex not ASCII": array(hex="0000803f000000٠0"),
    "hex no string": array(hex=[0, 0]),
    "hex missing": array(hex=None),
    "bool that is neither": array(dtype="bool", hex="0002"),
    "text not of strings": array(dtype="str", hex=None, text=["a", 1]),
    "text too short": array(dtype="str", hex=None, text=["a"]),
    "text and hex": array(dtype="str", text=["a", "b"]),
    "another field": array(more=1),
    "another key": array() | {"$item": "layers.Dense"},
    "a list": [1.0, 2.0],
    "a number": 1.0,
    "nothing": None,
}


@pytest.mark.parametrize("where", ["weights", "config"])
@pytest.mark.parametrize("damage", BAD_ARRAYS)
def test_damaged_arrays_are_refused(damage: str, where: str) -> None:
    bad = BAD_ARRAYS[damage]
    document = json.dumps({"item": "x", where: {"kernel": bad}})
    if where == "config" and not isinstance(bad, dict):
        assert decode(document, Case).config == {"kernel": bad}  # plain JSON is welcome here
    else:
        refused(document, Case)


BAD_CASES = {
    "nothing": "",
    "no JSON": "{",
    "cut": '{"item": "x", "config": {"a": [1, 2',
    "a list": "[]",
    "null": "null",
    "two documents": '{"item": "x"} {"item": "y"}',
    "no item": "{}",
    "item no string": '{"item": 3}',
    "unknown field": '{"item": "x", "extra\\nfield": 1}',
    "unknown field of a step": '{"item": "x", "steps": [{"do": "call", "a": 1}]}',
    "unknown step": '{"item": "x", "steps": [{"do": "rm\\n-rf"}]}',
    "config a list": '{"item": "x", "config": []}',
    "dtype unknown": '{"item": "x", "dtype": "float8"}',
    "another schema": '{"item": "x", "schema": 2}',
    "schema no number": '{"item": "x", "schema": "1"}',
    "number too large": '{"item": "x", "config": {"a": 1e999}}',
    "NaN as JavaScript writes it": '{"item": "x", "config": {"a": NaN}}',
    "float of no kind": '{"item": "x", "config": {"a": {"$float": "infinity"}}}',
    "float no string": '{"item": "x", "config": {"a": {"$float": 1.0}}}',
    "deep list": '{"item": "x", "config": {"a": ' + "[" * 100_000 + "]" * 100_000 + "}}",
    "less deep list": '{"item": "x", "config": {"a": ' + "[" * 900 + "]" * 900 + "}}",
    "deep object": '{"item": "x", "config": ' + '{"a":' * 50_000 + "1" + "}" * 50_000 + "}",
}


@pytest.mark.parametrize("damage", BAD_CASES)
def test_damaged_cases_are_refused(damage: str) -> None:
    refused(BAD_CASES[damage], Case)


def test_bytes_that_are_no_text_are_refused() -> None:
    refused(b'{"item": "\xff\xfe"}', Case)
    refused(b"\x80\x04\x95", Case)  # the beginning of a pickle


@pytest.mark.parametrize(
    "answer",
    [
        "{}",
        '{"type": "nothing\\nlike it"}',
        '{"type": "forward"}',
        '{"type": "forward", "results": [{"outputs": [1]}]}',
        '{"type": "raised"}',
        '{"type": "lost", "how": "boredom", "detail": ""}',
        "3",
    ],
)
def test_damaged_answers_are_refused(answer: str) -> None:
    refused(f'{{"answers": {{"forward": {answer}}}}}', Outcome)


def test_an_outcome_of_another_schema_is_refused() -> None:
    assert "schema 7" in refused('{"answers": {}, "schema": 7}', Outcome)


@given(data=st.data())
@settings(max_examples=200, database=None, deadline=None)
def test_random_damage_is_refused_or_read(data: st.DataObject) -> None:
    """Cutting, deleting and changing bytes: never another exception than ProtocolError."""
    text = bytearray(encode(case_with(np.arange(6.0))))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text) - 1))
        end = place + data.draw(st.integers(0, 8))
        text[place:end] = data.draw(st.binary(max_size=4))
    try:
        case = decode(bytes(text), Case)
    except ProtocolError as error:
        assert_one_line(error)
    else:
        assert encode(decode(encode(case), Case)) == encode(case)


def test_a_case_that_is_made_wrong_is_refused() -> None:
    with pytest.raises(ProtocolError, match="float8"):
        Case("x", dtype="float8")


def test_the_limit_of_elements(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_ELEMENTS", 4)
    assert returned(np.ones(4, np.float32)).size == 4
    refused(encode(case_with(np.ones(5, np.float32))), Case)
    refused(encode(case_with(np.array(list("abcde")))), Case)


def refused(document: str | bytes, kind: Callable[..., Any]) -> str:
    """Decode what must not be decoded; the message, which is one line of bounded length."""
    with pytest.raises(ProtocolError) as error:
        decode(document, kind)
    return assert_one_line(error.value)


def assert_one_line(error: ProtocolError) -> str:
    message = str(error)
    assert message.isprintable()
    assert len(message) < 600
    assert message.startswith(("not a valid Case: ", "not a valid Outcome: "))
    return message


def test_one_line() -> None:
    assert one_line("a\n\tb\x1b[31m  c\u2028d") == "a b [31m c d"
    assert len(one_line("x" * sys.maxunicode)) == 500
