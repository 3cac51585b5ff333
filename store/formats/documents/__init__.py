"""Documents that are papers themselves, read as listings of one paper."""
