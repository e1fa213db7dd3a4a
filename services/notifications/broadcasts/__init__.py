"""Broadcasts: messages to all members of some districts, entered page by page."""
