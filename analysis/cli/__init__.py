"""`hubreach`: the command line."""
