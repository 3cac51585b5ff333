"""The formats of arXiv: mailings, listing pages, feeds, OAI-PMH responses and the metadata snapshot."""
