"""The formats of documents that are papers themselves. Such a document is read as a listing of one paper."""
