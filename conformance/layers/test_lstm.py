"""LSTM and LSTMCell: how to draw a case, and their own laws."""

from layerproof.conformance.recurrent_items import Items

test_lstm, test_lstm_cell = Items(
    "layers.LSTM", "layers.LSTMCell", own=("unit_forget_bias",), states=2
).tests()
