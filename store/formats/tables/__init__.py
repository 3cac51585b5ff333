"""The formats of tables with a header row: CSV, TSV and Excel."""
