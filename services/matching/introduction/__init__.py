"""Interests and declines; two interests are an introduction."""
