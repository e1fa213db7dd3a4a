"""What works in the background: leases, child processes, loops."""
