"""Shortlists and the ranking process that keeps them current. The service runs it as a child process.

A process of its own: numpy would stall the service's heartbeats, and its memory is not the service's.
"""
