"""From Kafka to a handler, per aggregate in sequence: what is known is dropped, what comes early is held."""
