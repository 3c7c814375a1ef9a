"""Sites of a place: the register, edits with undo, duplicates, postcodes."""
