"""One file per constraint: how to draw its cases, and its laws."""
