"""Pages of the door report."""
