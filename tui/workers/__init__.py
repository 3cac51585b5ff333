"""Work beside the event loop: searching, writing, importing, fetching, the browser."""
