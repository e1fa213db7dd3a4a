"""Attacks of one kind each, beside the ordinary requests of another caller: what these keep of their rate."""
