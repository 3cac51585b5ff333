"""Code that reads RSS and Atom feeds of papers. `paper_feed` converts the items of a feed to entries."""
