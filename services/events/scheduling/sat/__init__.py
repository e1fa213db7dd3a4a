"""Breaks and table changes by an incremental SAT solver."""
