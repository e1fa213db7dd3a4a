"""The rules of notices: who is notified of what. Pure."""
