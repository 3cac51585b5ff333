"""Functions without side effects that turn papers and other values into plain text or styled text."""
