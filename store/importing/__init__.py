"""Imports listing files: opens them, reads them in a worker process, stores their papers, and undoes imports."""
