"""Contacts: the person who receives a member's mails. Personal data."""
