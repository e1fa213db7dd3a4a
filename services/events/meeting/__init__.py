"""Meetings: requested, accepted, declined, cancelled."""
