"""Starts the application in two steps: print the page that was stored when it ended last, then start it.

Other packages use `splash.show`, which must be called before anything else is imported, and `open_reader.read`.
"""
