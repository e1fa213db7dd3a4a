"""The rules of matching with their features and weights, one file a mode."""
