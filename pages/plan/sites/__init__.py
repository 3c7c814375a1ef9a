"""Parts of the sites page."""
