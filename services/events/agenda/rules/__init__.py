"""The rules of agendas. Pure."""
