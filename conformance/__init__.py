"""The suite: draws cases, asks oracle and implementation, judges, records."""
