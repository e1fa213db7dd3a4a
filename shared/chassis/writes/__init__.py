"""The write path: one command, one aggregate, one transaction."""
