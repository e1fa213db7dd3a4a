"""What the house costs: each part beside a hand-written one that does the same writes, in one run."""
