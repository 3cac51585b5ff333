"""Computes the pixels of the pictures of a full text: figures, equations and pages of a PDF, and pictures of web pages.

Other packages use `picture` (the types) and `renderer`, which starts the child process. The modules `pdf_pictures`,
`regions` and `images` read files; only the child process calls them.
"""
