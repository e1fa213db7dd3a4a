"""From words to vectors, in Italian and English."""
