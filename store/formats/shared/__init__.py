"""Modules that several formats share: `text_lines`, `json_items`, `xml_records`, `html_text` and `mail` decode files.
`xml_entries` and `answer_pages` turn the records of simple files into entries.

`conference` reads the decisions and scores of conferences, `markup` removes HTML from titles and abstracts, and
`ids_and_links` and `paper_addresses` find the arXiv id and the DOI of a paper.
"""
