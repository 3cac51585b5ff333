"""Listings over HTTPS: what to request, the guarded network, and the answer."""
