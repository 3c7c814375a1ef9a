"""A council's own figures on top of those of England: kept with undo, read, applied."""
