"""Baselines: the least code that does the same writes with the same safety."""

from benchmarks.baselines import projection, reaction, relay

__all__ = ["projection", "reaction", "relay"]
