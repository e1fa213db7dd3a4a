"""Dead letters: events that a consumer could not apply. Operators inspect, retry and drop them; each action is recorded."""
