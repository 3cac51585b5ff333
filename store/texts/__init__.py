"""The full texts of papers: converts HTML, Markdown and PDF files to blocks (paragraphs, headings and so on) and stores
them.

Other packages use `blocks` (the types), `text_store` (texts of the library), `positions` and `matching`. The modules
`html_reader`, `markdown_reader` and `pdf_reader` read files; only the child process that `worker` starts calls them.
"""
