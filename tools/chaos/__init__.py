"""The chaos test: faults are injected into a system under load, then its data is verified against acknowledged commands."""
