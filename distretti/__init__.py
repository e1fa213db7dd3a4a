"""The command `distretti`: what operators and developers run."""
