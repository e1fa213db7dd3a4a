"""Answers who could supply something, in a process of its own: the libraries it takes are too heavy for a service."""
