"""Rebuilds: projections folded from their topics beside the live ones, and cut over document by document."""
