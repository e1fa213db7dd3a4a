"""The rebuild: projections folded again from their topics beside the live ones, and taken over document by document."""
