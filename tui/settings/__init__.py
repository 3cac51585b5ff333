"""The configuration file, the colour themes, and the session (the state of the screen for the next start)."""
