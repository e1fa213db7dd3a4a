"""Topics, subscriptions, and reading topics whole."""
