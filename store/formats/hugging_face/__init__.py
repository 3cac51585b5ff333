"""Code that reads Hugging Face Daily Papers, a daily list of papers: copied page text, saved pages and JSON."""
