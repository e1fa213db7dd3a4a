"""The drill: a system under load is broken in every way it must survive, and afterwards its books are checked."""
