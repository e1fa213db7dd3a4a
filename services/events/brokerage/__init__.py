"""The brokerage event itself: drafted, announced, corrected, opened, started, closed."""
