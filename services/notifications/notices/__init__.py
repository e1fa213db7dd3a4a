"""Notices: the messages that follow from an event, before they are written."""
