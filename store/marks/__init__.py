"""The reader's own marks (bookmarks, queue, status, tags, notes), and the journal with which changes are undone."""
