"""Periodic jobs: what becomes due by itself."""
