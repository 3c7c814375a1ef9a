"""The sections of a pack, one a file; `catalogue` lists them."""
