"""The terminal: reading keys and writing the screen."""
