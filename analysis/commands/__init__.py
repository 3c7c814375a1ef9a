"""Command line: one module a room, assembled by `analysis.cli`."""
