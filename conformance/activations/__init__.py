"""One file per activation: how to draw its cases, and its laws."""
