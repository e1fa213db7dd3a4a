"""The audit: folding the topics again must give what the stores hold. While the system runs."""
