"""Messages: the ledger, the inbox over HTTP, and how a message reads."""
