"""Running consumers: a Kafka subscription each, with its handler and the operators' actions on it."""
