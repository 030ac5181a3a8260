"""One file per layer family: how to draw its cases, and its laws."""
