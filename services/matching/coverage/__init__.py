"""A manager's view: which members find nobody, which needs no answer."""
