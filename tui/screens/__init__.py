"""What fills the terminal: the reader itself, and what lies over it for a moment."""
