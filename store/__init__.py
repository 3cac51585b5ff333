"""The part of recto without a user interface: it imports listings, and stores and searches papers and marks."""

__version__ = "0.1.0"
