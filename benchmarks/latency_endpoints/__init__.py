"""Sender and receiver of the latency benchmark, each a process of its own, through the system or on plain Kafka."""
