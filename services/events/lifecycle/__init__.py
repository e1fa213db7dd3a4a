"""A brokerage event from registration to its close: opened, corrected, started, closed."""
