"""Wards split into balanced areas."""
