"""A council's own children, wards, sites and shapes, read and checked against its place."""
