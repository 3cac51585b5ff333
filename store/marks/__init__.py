"""The reader's own marks: bookmarks, queue, status, tags, notes, and the journal that undo walks."""
