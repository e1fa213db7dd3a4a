"""Agendas as people read them: calendar feeds, pages to print, a picture of the day. Pure: data in, text out."""
