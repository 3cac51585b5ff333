"""Code that reads lists of links to papers: plain text, Markdown, browser bookmarks, exports of read-later services."""
