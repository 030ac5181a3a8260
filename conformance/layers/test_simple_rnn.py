"""SimpleRNN and SimpleRNNCell: how to draw a case, and their own laws."""

from typing import Any

from layerproof.conformance.recurrent_items import Items

WHOLE: tuple[dict[str, Any], ...] = ({}, {}, {"activation": "linear"}, {"activation": None})
"""In half of the cases integers stay integers."""

test_simple_rnn, test_simple_rnn_cell = Items(
    "layers.SimpleRNN", "layers.SimpleRNNCell", gated=False, whole=WHOLE
).tests()
