"""Sections of the page on data and method that ask something of the user."""
