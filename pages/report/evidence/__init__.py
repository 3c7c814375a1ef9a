"""Parts of the page on evidence."""
