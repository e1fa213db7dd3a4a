"""A running service: its process, its children, its leases."""
