"""Code that reads the JSON and XML of scholarly indexes, for example Crossref, OpenAlex, DBLP and OpenReview."""
