"""How work that takes long reports its progress, to whoever shows it."""

from collections.abc import Callable
from typing import TypeAlias

Advance: TypeAlias = Callable[[int], None]
"""Called with the number of steps done since the last call."""
Begin: TypeAlias = Callable[[str, int], Advance]
"""Begins a stage by its name and number of steps."""
