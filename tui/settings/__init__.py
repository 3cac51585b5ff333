"""What a reader configures, and what the reader left at the last end."""
