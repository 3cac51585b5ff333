"""Alerts that arrive by e-mail: Google Scholar, Semantic Scholar, Daily Papers, arXiv's mailings as HTML, journals."""
