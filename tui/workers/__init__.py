"""Work that runs outside the event loop, in threads and processes: search, writes, imports, fetches, the browser.

The modules here import no widgets. A worker posts messages to the receiver that its constructor is given. The messages
are defined in messages.py and in the modules of the workers.
"""
