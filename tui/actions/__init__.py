"""What a key does: the registry of actions, and one module for each scope of them."""
