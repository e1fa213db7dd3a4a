"""Mails: sending what the ledger has queued, and what became of each."""
