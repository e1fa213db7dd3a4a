"""Backup and restore: databases and topics of a whole system, saved while it holds still."""
