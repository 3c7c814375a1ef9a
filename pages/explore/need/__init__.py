"""Parts of the need page."""
