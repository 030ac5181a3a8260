"""Attention: how to draw a case; both kinds of scores, masks, a key or none."""

import msgspec
from hypothesis import strategies as st

from layerproof.conformance.draw.attention import OF_ATTENTION, query_value_case
from layerproof.conformance.spec import every_property

ITEM = "layers.Attention"

OPTIONAL = {
    "use_scale": st.booleans(),
    "score_mode": st.sampled_from(["concat", "dot"]),
    "seed": st.just(7),
}


def cases(dtype):
    return query_value_case(ITEM, dtype, OPTIONAL)


@st.composite
def invalid(draw, dtype):
    """A score mode that is none."""
    mode = draw(st.sampled_from(["cosine", "", "DOT", "additive"]))
    return draw(query_value_case(ITEM, dtype, {}).map(lambda case: with_mode(case, mode)))


def with_mode(case, mode):
    return msgspec.structs.replace(case, config=case.config | {"score_mode": mode})


test_attention = every_property(ITEM, cases, invalid=invalid, **OF_ATTENTION)
