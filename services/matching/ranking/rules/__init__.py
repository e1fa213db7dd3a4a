"""The rules of matching and their features and weights, a mode a file."""
