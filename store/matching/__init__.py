"""Which entries are about one paper, and how their values are merged."""
