"""AdditiveAttention: how to draw a case; masks, a key or none."""

from hypothesis import strategies as st

from layerproof.conformance.draw.attention import OF_ATTENTION, query_value_case
from layerproof.conformance.spec import every_property

ITEM = "layers.AdditiveAttention"


def cases(dtype):
    return query_value_case(ITEM, dtype, {"use_scale": st.booleans()})


test_additive_attention = every_property(ITEM, cases, **OF_ATTENTION)
