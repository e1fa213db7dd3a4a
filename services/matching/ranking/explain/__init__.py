"""Explanations: why a suggestion, why not higher, and the recomputation of its score."""
