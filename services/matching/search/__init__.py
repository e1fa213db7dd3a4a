"""Who could supply this? Asked in words or by a need."""
