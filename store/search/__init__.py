"""Search: the filter language, the search index beside the library, and the answers to filters.

Other packages use `parser.parse`, `search.Search` with `answer.Answer`, `highlighting.Highlights`, `window.Window`, and
`index_sync.catch_up`. A new field of the filter starts at filter_fields.py, another rule for words at tokenizer.py,
another way to match them at stages.py.
"""
