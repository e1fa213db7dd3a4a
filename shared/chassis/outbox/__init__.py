"""From the outbox to Kafka, per aggregate strictly in sequence."""
