"""Fetch listings and full texts over HTTPS. Other packages should use only `Fetcher` in `fetch`, and `fetch_text`.

Modules: `sites`, `request` and `text_request` (the addresses), `polite` (pauses between requests, and repeated
requests), `network` (allowed connections), `http_get` (one GET request), `response` (checks of an answer's body).
"""
