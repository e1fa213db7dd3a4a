"""The members and their texts, as the ranking works on them."""
