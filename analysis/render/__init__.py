"""What every picture, table and sentence shares; it knows no question."""
