"""Places beside each other."""
