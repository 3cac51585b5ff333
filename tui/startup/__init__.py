"""Opening the reader, in two steps: print the page that the last reader stored, then start the reader itself.

Other packages use `splash.show`, which must be called before anything else is imported, and `open_reader.read`.
"""
