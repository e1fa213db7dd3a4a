"""The commands, one a file. A command imports what its work needs when it runs, so that each answers at once."""
