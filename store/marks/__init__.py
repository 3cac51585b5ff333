"""The user's marks on papers (bookmarks, queue, status, tags, notes), and the journal with which changes are undone."""
