"""JSON of scholarly indexes: Crossref, OpenAlex, Semantic Scholar, Papers with Code."""
