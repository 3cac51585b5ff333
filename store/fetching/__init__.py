"""Fetches listings over HTTPS. `Fetcher` in `fetch` is what other packages use.

Modules: `request` (what to ask for), `network` (allowed connections), `http_get` (one GET), `response` (its body).
"""
