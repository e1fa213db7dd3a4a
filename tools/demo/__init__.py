"""The journey: from members to meetings through the public API, as the districts walk it."""
