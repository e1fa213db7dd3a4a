"""Running consumers: a Kafka subscription each, with its handler and what operators ask of it."""
