"""Pages of the door explore."""
