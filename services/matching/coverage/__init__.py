"""Coverage for managers: which members have no suggestion, which needs no answer."""
