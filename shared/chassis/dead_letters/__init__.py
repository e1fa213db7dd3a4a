"""What operators do about parked events: look, retry, drop; every act is kept."""
