"""Official files as published, read into a place: indices, lookups, boundaries, population, sites."""
