"""Pages of the door consult."""
