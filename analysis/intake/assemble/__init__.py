"""A place from official files."""
