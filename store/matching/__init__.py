"""Decides which entries of listings are about the same paper, and merges their values."""
