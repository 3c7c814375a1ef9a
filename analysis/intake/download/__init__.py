"""Official files fetched from their publishers."""
