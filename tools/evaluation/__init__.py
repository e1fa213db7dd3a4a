"""How well the ranking finds partners, measured with the code that serves members."""
