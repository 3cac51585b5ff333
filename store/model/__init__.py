"""The values that every package hands to the next: papers, authors, entries of listings, errors."""
