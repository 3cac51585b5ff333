"""Background work in threads and processes: searches, writes, imports, fetches, the browser.

The modules of this package import no widgets. A worker posts messages to the receiver that is passed to its
constructor. The messages are defined in messages.py and in the modules of the workers.
"""
