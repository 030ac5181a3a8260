"""How an implementation is driven: the protocol, and the implementations behind it."""
