"""The record of a run, and what is made from it."""
