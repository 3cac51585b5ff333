"""RSS and Atom feeds of papers. A format here turns the items of a feed into entries."""
