"""The ranking process: makes shortlists again when what they rest on has changed. Run by the service as a child.

A process of its own, since numpy's work would stall the service's heartbeats and its memory is not the service's.
"""
