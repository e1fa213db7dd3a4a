"""The two ends of a way, each a process of its own: who speaks and who hears, through the house or on bare Kafka."""
