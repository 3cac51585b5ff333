"""Fetch listings over HTTPS. Other packages should use only `Fetcher` in `fetch`.

Modules: `request` (the address of a listing), `network` (allowed connections), `http_get` (one GET request),
`response` (checks of an answer's body).
"""
