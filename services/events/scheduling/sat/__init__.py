"""The fewest breaks by an incremental SAT solver."""
