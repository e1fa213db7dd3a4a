"""Bounds by counting."""
