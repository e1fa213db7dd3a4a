"""A published schedule repaired while the day goes on."""
