"""Recorded truth, run against the gateway: `python -m tests.facts FILE… [-k TEXT] [-v]`."""
