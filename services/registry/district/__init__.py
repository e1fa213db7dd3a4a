"""Districts, and the taxonomy of technology topics."""
