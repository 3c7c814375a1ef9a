"""Parts of the England page."""
