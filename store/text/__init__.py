"""Clean text: foreign strings become safe to store."""
