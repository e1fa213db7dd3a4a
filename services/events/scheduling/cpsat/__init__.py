"""All objectives by CP-SAT (OR-Tools)."""
