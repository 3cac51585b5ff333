"""Ranking: the weights of the words of papers, and a model of the user's taste that is trained on this machine.

Other packages use `word_weights`, which store/search/similar.py turns into queries for similar papers, and `taste`, by
which store/search/taste_order.py sorts lists. This package does not use the search index: its callers pass the
frequencies of words to it.
"""
