"""Papers and other values as text and styled text. Pure functions."""
