"""The agenda: which meeting is in which slot at which table, version by version."""
