"""The formats of arXiv: mailings, listing pages, feeds, OAI-PMH answers and the metadata snapshot."""
