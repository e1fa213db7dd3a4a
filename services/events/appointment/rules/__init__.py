"""The rules of appointments. Pure."""
