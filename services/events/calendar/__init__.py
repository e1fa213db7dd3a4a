"""Calendar feeds (RFC 5545), and the addresses that calendar programs subscribe to."""
