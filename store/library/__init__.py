"""The library file, an SQLite database: its connections, tables and migrations, and the paths of its files."""
