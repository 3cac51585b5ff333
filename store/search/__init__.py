"""Search: the filter language, the search index beside the library, and the answers to filters.

Other packages use `parser.parse`, `search.Search` with `answer.Answer`, `highlighting.Highlights`, `window.Window`, and
`index_sync.catch_up`. To add a field of the filter, start reading at filter_fields.py; to change how text is split into
words, read tokenizer.py first; to add another way in which words can match, stages.py.
"""
