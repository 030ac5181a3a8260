"""GRU and GRUCell: how to draw a case, and their own laws."""

from layerproof.conformance.recurrent_items import Items

test_gru, test_gru_cell = Items("layers.GRU", "layers.GRUCell", own=("reset_after",)).tests()
