"""The formats that reference managers and PubMed export: BibTeX, RIS, EndNote, CSL-JSON and others."""
