"""Tables as files: sheets, headings, limits, what a file is."""
