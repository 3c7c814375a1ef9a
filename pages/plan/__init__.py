"""Pages of the door plan."""
