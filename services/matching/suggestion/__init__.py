"""A member's suggestions, as they are read."""
