"""The rules of meetings. Pure."""
