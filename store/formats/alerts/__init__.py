"""Alerts that arrive by e-mail from Google Scholar, Semantic Scholar, Daily Papers, arXiv (as HTML) and journals."""
