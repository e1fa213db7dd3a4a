"""The whole system as processes on this machine, without containers."""
