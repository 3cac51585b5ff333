"""The full texts of papers: HTML, Markdown and PDF files as blocks, and where they are stored.

Other packages use `blocks` (the types), `text_store` (texts of the library), `positions` and `matching`. The modules
`html_reader`, `markdown_reader` and `pdf_reader` read files; only the child process that `worker` starts calls them.
"""
