"""What shows, breaks and measures the system. No part of what is deployed."""
