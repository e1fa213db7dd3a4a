"""Repair of a published schedule while the day goes on."""
