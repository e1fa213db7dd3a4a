"""The rules of attendance and outcomes. Pure."""
