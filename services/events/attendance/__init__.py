"""Check-in, no-shows, and what became of meetings."""
