"""Listing files become papers: opening, reading in a worker process, storing, undoing."""
