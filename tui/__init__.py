"""The screens and the commands. Imports store; nothing imports tui."""
