"""Identifiers of organisations: the one form of each, and which organisations are the same."""
