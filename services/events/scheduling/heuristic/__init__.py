"""Schedules of large problems: filled greedily, then annealed."""
