"""arXiv: mailings, feeds, OAI-PMH and the metadata snapshot."""
