"""The filter: a query is parsed, put to the search index, and its answers are ranked."""
