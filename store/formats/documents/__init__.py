"""Documents that are papers themselves. Each is read as a listing of one paper."""
