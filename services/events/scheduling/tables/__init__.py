"""Which tables a meeting may take, and which it gets."""
