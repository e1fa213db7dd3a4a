"""The rules of brokerage events, registrations, meetings and agendas. Pure: no clock, no store, no randomness."""
