"""Computing an agenda: the queue, the worker, and the solver in a process of its own."""
