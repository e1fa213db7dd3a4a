"""How a service runs: settings, logs, stores, the write path, the inbox, HTTP. No domain word in it."""
