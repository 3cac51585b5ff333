"""Readers that several formats share: `text_lines`, `json_items`, `xml_records` and `mail` open and decode files.

`conference` has the decisions and scores of conferences, `markup` removes HTML from titles and abstracts, and
`ids_and_links` finds the identity of a paper.
"""
