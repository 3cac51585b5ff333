"""The SQLite file: its connections, its tables and migrations, where it is."""
