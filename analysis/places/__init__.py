"""Places: folders of areas, boundaries, deprivation and sites, read and checked once."""
