"""Functions that turn papers and other values into text and styled text. They have no side effects."""
