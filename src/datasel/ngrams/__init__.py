"""Hashed word n-grams and the linear models over them."""
