"""The page of figures looked at."""
