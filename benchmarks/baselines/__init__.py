"""The peers: the least code that does the same writes as safely."""

from benchmarks.baselines import projection, reaction, relay

__all__ = ["projection", "reaction", "relay"]
