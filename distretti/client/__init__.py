"""The public API from outside: a client, and what is made through it."""
