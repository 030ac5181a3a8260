"""One file per regularizer: how to draw its cases, and its laws."""
