"""Where the service runs, and the token to send it."""

import os

import httpx2


def connect() -> httpx2.Client:
    """Make a client of the service."""
    return httpx2.Client(base_url=os.environ["BASE_URL"], headers={"Authorization": f"Bearer {os.environ['TOKEN']}"})
