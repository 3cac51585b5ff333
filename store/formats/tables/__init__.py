"""Tables with a header row."""
