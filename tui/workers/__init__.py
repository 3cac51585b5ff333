"""Work that runs off the event loop: search, writes, imports, fetches, the browser.

A worker knows no widget. It posts messages (see messages.py and each worker's own) to whatever was given as receiver.
"""
