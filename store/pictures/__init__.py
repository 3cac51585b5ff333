"""Pictures of a full text: figures, equations and pages of a PDF, and the pictures of web pages, as pixels.

Other packages use `picture` (the types) and `renderer`, which starts the child process. The modules `pdf_pictures`,
`regions` and `images` read files; only the child process calls them.
"""
