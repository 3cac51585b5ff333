"""Papers on disk: listing files in; papers, searches and a reading list out. Knows no screen."""

__version__ = "0.1.0"
