"""All other objectives by CP-SAT."""
