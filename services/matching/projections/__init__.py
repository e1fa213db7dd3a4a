"""What matching knows of other aggregates: members, brokerage events, and the interactions of members."""
