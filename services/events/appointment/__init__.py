"""Appointments: meetings with a slot and a table of their own, outside the agenda."""
