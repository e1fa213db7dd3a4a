"""Bounds by counting, without a search over slots."""
