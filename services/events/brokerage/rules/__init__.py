"""The rules of brokerage events. Pure."""
