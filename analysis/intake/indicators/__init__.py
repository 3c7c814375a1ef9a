"""Figures of the user's own, read from files."""
