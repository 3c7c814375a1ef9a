"""Views of the siting page."""
