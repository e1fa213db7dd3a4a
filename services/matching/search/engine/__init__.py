"""The search engine: a process of its own, since the libraries it needs are too heavy for a service."""
