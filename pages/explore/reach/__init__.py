"""Parts of the reach page."""
