"""What the service answers, for its document and for whoever generates types from it. Answers themselves are written as they are:
tests hold each to its model, which allows no other field and leaves none out."""
