"""Input and InputSpec: the shapes that they let pass, out of all small ones."""

import itertools

import numpy as np
import pytest

from layerproof.reference.layers import Input, InputSpec


@pytest.mark.parametrize(
    ("config", "signature"),
    [
        ({"shape": ()}, ((None,), "float32")),
        ({"shape": (32,)}, ((None, 32), "float32")),
        ({"shape": (2, None), "batch_size": 4}, ((4, 2, None), "float32")),
        ({"batch_shape": (None, 3), "dtype": "int32"}, ((None, 3), "int32")),
        ({"batch_shape": ()}, ((), "float32")),
        ({"tensor": np.ones((2, 3), "int16")}, ((2, 3), "int16")),
        ({"shape": (1,), "name": "a", "optional": True, "sparse": False}, ((None, 1), "float32")),
    ],
)
def test_input_signature(config: dict, signature: tuple) -> None:
    assert Input(**config).signature() == signature


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"batch_size": 3},
        {"shape": (3,), "batch_shape": (None, 3)},
        {"batch_size": 3, "batch_shape": (3, 3)},
        {"shape": (-1,)},
    ],
)
def test_input_refuses(config: dict) -> None:
    with pytest.raises(ValueError, match="shape="):
        Input(**config)


def test_input_lets_pass_what_fits() -> None:
    for shape in [(1, 3, 2), (5, 3, 9), (0, 3, 0)]:
        x = np.zeros(shape)
        assert Input((3, None))({}, x) is x
    for shape in [(3, 2), (1, 2, 2), (1, 3, 2, 1), ()]:
        with pytest.raises(ValueError, match="is not"):
            Input((3, None))({}, np.zeros(shape))
    assert Input((3,), optional=True)({}, None) is None
    with pytest.raises(ValueError, match="not optional"):
        Input((3,))({}, None)


ALL_SHAPES = [s for rank in range(5) for s in itertools.product((1, 2, 3), repeat=rank)]


def fits(spec: InputSpec, shape: tuple | None, dtype: str | None = None) -> bool:
    try:
        spec.check(shape, dtype)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("squeeze", [False, True])
@pytest.mark.parametrize(
    "shape", [(), (None,), (2, 3), (None, 2, 1), (None, None, 1), (1, 1), (3, None)]
)
def test_input_spec_shape_lets_pass_exactly(shape: tuple, squeeze: bool) -> None:
    def all_like(spec: tuple) -> set:
        return set(itertools.product(*((1, 2, 3) if n is None else (n,) for n in spec)))

    allowed = all_like(shape)
    if squeeze:
        allowed |= all_like((*shape, 1))
        if shape[-1:] == (1,):
            allowed |= all_like(shape[:-1])
    spec = InputSpec(shape=shape, allow_last_axis_squeeze=squeeze)
    assert {s for s in ALL_SHAPES if fits(spec, s)} == allowed & set(ALL_SHAPES)


@pytest.mark.parametrize("squeeze", [False, True])
def test_input_spec_ranks(squeeze: bool) -> None:
    for n in range(4):
        exact = InputSpec(ndim=n, allow_last_axis_squeeze=squeeze)
        low, high = InputSpec(min_ndim=n), InputSpec(max_ndim=n)
        for s in ALL_SHAPES:
            also = squeeze and len(s) == n + 1 and s[-1] == 1
            assert fits(exact, s) == (len(s) == n or also)
            assert fits(low, s) == (len(s) >= n)
            assert fits(high, s) == (len(s) <= n)


def test_input_spec_axes() -> None:
    spec = InputSpec(axes={1: 2, -1: 3, 0: None})
    assert {s for s in ALL_SHAPES if fits(spec, s)} == {
        s for s in ALL_SHAPES if len(s) > 1 and s[1] == 2 and s[-1] == 3
    }
    from_json = InputSpec(axes={"1": 2})
    assert fits(from_json, (1, 2))
    assert not fits(from_json, (1, 3))


def test_input_spec_dtype_optional_and_unknown_dimensions() -> None:
    assert fits(InputSpec(dtype="int32"), (2,), "int32")
    assert not fits(InputSpec(dtype="int32"), (2,), "float32")
    assert fits(InputSpec(), (2,), "float32")
    assert fits(InputSpec(optional=True), None)
    assert not fits(InputSpec(), None)
    assert fits(InputSpec(shape=(2, 3), axes={0: 2}), (None, 3))
    spec = InputSpec(shape=(None, 3), name="a")
    x = np.zeros((2, 3))
    assert spec({}, x) is x
    with pytest.raises(ValueError, match=r"shape \(3, 2\)"):
        spec({}, x.T)
