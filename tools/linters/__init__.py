"""Checks of the project's own, run by `make check`: `python -m tools.linters [PATH...]`."""
