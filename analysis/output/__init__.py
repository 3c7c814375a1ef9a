"""Output: the look, charts, map layers, tables and packs."""
