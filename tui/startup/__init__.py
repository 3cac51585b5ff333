"""Starts the application. First prints the page that was stored when the application last ended.

Other packages use `splash.show`, which must be called before anything else is imported, and `open_reader.read`.
"""
