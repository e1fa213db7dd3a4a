"""Who takes part in a brokerage event, and how."""
