"""Reactions: events that become commands or ledger entries, never replayed."""
