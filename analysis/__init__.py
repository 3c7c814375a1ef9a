"""Hubreach: need, reach, siting and comparison of early help hubs, without the dashboard."""
