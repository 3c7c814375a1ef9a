"""A council's own children, wards, sites, shapes and points, read and checked against its place."""
