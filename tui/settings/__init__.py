"""The configuration, the themes, and the session that the last run left."""
