"""The rules of registrations. Pure."""
