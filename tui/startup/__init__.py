"""Opening the reader: print the page that the last reader stored, then run the reader, which takes the terminal over.

Others use `splash.show`, before anything else is imported, and `open_reader.read`.
"""
