"""Tables: which ones a meeting may take, and which it is assigned."""
