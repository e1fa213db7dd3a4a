"""Agendas to print: HTML sheets, and the day as a picture."""
