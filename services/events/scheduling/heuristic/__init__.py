"""Schedules of large problems: constructed greedily, improved by simulated annealing."""
