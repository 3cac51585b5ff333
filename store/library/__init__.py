"""The library, which is one SQLite database: opening it, its tables and migrations, its backups, and its paths."""
