"""What matching knows of others: members, brokerage events, and how members dealt with each other."""
