"""Tables as files: headings, ages, keys, what a file is."""
