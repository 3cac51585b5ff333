"""Hugging Face Daily Papers: copied page text, saved pages and JSON."""
