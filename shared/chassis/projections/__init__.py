"""Projections: others' facts folded into read models."""
