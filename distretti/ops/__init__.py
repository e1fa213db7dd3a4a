"""What operators do to a running system."""
